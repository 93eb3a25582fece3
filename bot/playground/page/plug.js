/** The parts of the panel: a plug is a line of words with what one turns or presses. */

import { h } from "./element.js";

export function group(title, ...parts) {
  return h("section", { class: "plugs", "aria-label": title }, h("h3", {}, title), parts);
}

/** A button says to a screen reader what the words beside it say to the eye. */
export function plug(title, words, control, tag = "div") {
  if (control.tagName === "BUTTON") {
    control.setAttribute("aria-description", words);
    if (control.textContent !== title) control.setAttribute("aria-label", `${control.textContent}: ${title}`);
  }
  return h(
    tag,
    { class: "plug" },
    h("span", { class: "plug-words" }, h("span", {}, title), h("small", {}, words)),
    control,
  );
}

export function button(label, look, act, testid, disabled = false) {
  return h(
    "button",
    { class: `button small ${look}`, type: "button", disabled, dataset: { testid }, onclick: act },
    label,
  );
}

export function toggle(label, words, on, act, testid) {
  const box = h("input", {
    class: "toggle",
    type: "checkbox",
    role: "switch",
    checked: on,
    "aria-label": label,
    dataset: { testid },
    onchange: (event) => act(event.target.checked),
  });
  return plug(label, words, box, "label");
}
