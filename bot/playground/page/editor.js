/** The box that takes a message's place while its author edits it. */

import { h } from "./element.js";
import { decode, encode } from "./mentions.js";

/** Put an editor into a drawn message. `save(text)` may refuse by throwing; `cancel()` leaves it as it was. */
export function editor(node, message, store, { save, cancel }) {
  const trouble = h("div", { class: "trouble", role: "alert" });
  const input = h("textarea", {
    class: "editor-input",
    "aria-label": "Edit message",
    rows: "1",
    value: decode(message.content ?? "", store),
    oninput: () => fit(input),
    onkeydown: (event) => {
      if (event.key === "Escape") cancel();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) keep();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
  async function keep() {
    try {
      await save(encode(input.value, store));
    } catch (error) {
      trouble.textContent = error.message;
    }
  }
  const box = h(
    "div",
    { class: "editor" },
    input,
    h(
      "div",
      { class: "editor-hint" },
      "escape to ",
      h("button", { class: "textual", type: "button", onclick: cancel }, "cancel"),
      " • enter to ",
      h("button", { class: "textual", type: "button", onclick: keep }, "save"),
    ),
    trouble,
  );
  const body = node.querySelector(".message-body");
  const content = body.querySelector(".content");
  if (content) content.replaceWith(box);
  else body.append(box);
  requestAnimationFrame(() => {
    fit(input);
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  });
}

/** Make a text area as tall as its text. */
export function fit(input) {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}
