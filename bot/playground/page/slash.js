/** The form of a chosen slash command: its options as fields, Enter to send, Escape to leave. */

import { filled } from "./commands.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { OptionField } from "./option.js";

/** `close()` gives the text box back; `send(data, words)` runs the command. */
export class SlashForm {
  constructor(entry, given, { store, interactions, channel, send, close }) {
    Object.assign(this, { entry, interactions, channel, send, close });
    this.fields = entry.options.map(
      (option) =>
        new OptionField(option, store, {
          given: given[option.name],
          ask: (field) => this.#ask(field),
          next: (field) => this.#next(field),
        }),
    );
    this.node = h(
      "form",
      {
        class: "slash-form",
        "aria-label": `/${entry.name}`,
        dataset: { testid: "slash-form", name: entry.name },
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.submit();
        },
        onkeydown: (event) => this.#key(event),
      },
      h(
        "div",
        { class: "slash-head" },
        h("strong", { class: "slash-name" }, `/${entry.name}`),
        h("span", { class: "slash-description" }, entry.description),
        h(
          "button",
          {
            class: "tool",
            type: "button",
            "aria-label": "Leave this command",
            dataset: { tip: "Leave (Escape)" },
            onclick: close,
          },
          icon("close"),
        ),
        h(
          "button",
          { class: "tool go", type: "submit", "aria-label": "Run this command", dataset: { tip: "Run (Enter)" } },
          icon("send"),
        ),
      ),
      this.fields.length > 0 &&
        h(
          "div",
          { class: "slash-fields" },
          this.fields.map((field) => field.node),
        ),
    );
  }

  focus() {
    const empty = this.fields.filter((field) => field.empty);
    const first = empty.find((field) => field.option.required) ?? empty[0] ?? this.fields.at(-1);
    (first?.input ?? this.node.querySelector(".go")).focus();
  }

  #next(field) {
    const open = this.fields.find((other) => other !== field && other.empty && other.option.required);
    open?.input.focus();
  }

  #ask(field) {
    const values = this.fields
      .filter((other) => other === field || !other.empty)
      .map((other) => other.draft(other === field));
    return this.interactions.autocomplete(this.channel, filled(this.entry, values));
  }

  #key(event) {
    const empty =
      event.key === "Backspace" &&
      this.fields[0]?.input === event.target &&
      this.fields.every((field) => field.empty);
    if (event.key !== "Escape" && !empty) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  submit() {
    const values = this.fields.map((field) => field.read());
    const wrong = values.indexOf(undefined);
    if (wrong >= 0) return this.fields[wrong].input.focus();
    this.fields.forEach((field) => field.picker.close());
    const sent = values.filter(Boolean);
    return this.send(filled(this.entry, sent), this.entry.name);
  }
}
