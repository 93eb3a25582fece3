/** One option of a slash command as a field: what may be typed, what may be chosen, and whether it is right. */

import { h, refill } from "./element.js";
import { Picker } from "./picker.js";
import { choosable } from "./select.js";

const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const PICKS = { 6: 5, 7: 8, 8: 6, 9: 7 };
const KINDS = {
  3: "text",
  4: "whole number",
  5: "true or false",
  6: "user",
  7: "channel",
  8: "role",
  9: "user or role",
  10: "number",
  11: "file",
};
const DEBOUNCE = 180;

/** A field. `ask(option)` fetches autocomplete choices, `next(field)` moves on after a choice. */
export class OptionField {
  constructor(option, store, { given = "", ask, next }) {
    Object.assign(this, { option, store, ask, next });
    this.chosen = null;
    this.turn = 0;
    this.timer = 0;
    const id = `option-${option.name}`;
    this.input = h("input", {
      id,
      class: "option-input",
      value: given,
      autocomplete: "off",
      spellcheck: "false",
      maxlength: option.max_length,
      inputmode: [INTEGER, NUMBER].includes(option.type) ? "decimal" : undefined,
      placeholder: option.choices?.length ? "choose" : KINDS[option.type],
      role: this.#lists() ? "combobox" : undefined,
      "aria-expanded": this.#lists() ? "false" : undefined,
      "aria-autocomplete": this.#lists() ? "list" : undefined,
      "aria-required": String(Boolean(option.required)),
      "aria-describedby": `${id}-note`,
      dataset: { option: option.name },
      disabled: option.type === 11,
      oninput: () => this.#typed(),
      onfocus: () => this.#suggest(0),
      onblur: () => this.picker.close(),
      onkeydown: (event) => this.#key(event),
    });
    this.note = h("div", { class: "option-description", id: `${id}-note` }, this.#describe());
    this.node = h(
      "div",
      { class: "option-field", dataset: { required: option.required && "yes" } },
      h("label", { for: id }, option.name),
      this.input,
      this.note,
    );
    this.picker = new Picker({
      owner: this.input,
      anchor: this.node,
      label: option.name,
      width: 300,
      onchoose: (item) => this.#choose(item),
    });
  }

  #lists() {
    const { option } = this;
    return option.autocomplete || option.choices?.length > 0 || option.type === BOOLEAN || option.type in PICKS;
  }

  #describe() {
    const { option } = this;
    const range = [option.min_value ?? option.min_length, option.max_value ?? option.max_length];
    const bounds = range.every((bound) => bound === undefined || bound === null)
      ? ""
      : ` (${range.map((bound) => bound ?? "").join("–")})`;
    if (option.type === 11) return "Files can't be passed to a command here.";
    return `${option.required ? "" : "Optional. "}${option.description ?? ""}${option.type === STRING ? "" : bounds}`;
  }

  #typed() {
    this.chosen = null;
    this.fail("");
    this.#suggest(DEBOUNCE);
  }

  #items() {
    const { option, store } = this;
    if (option.type === BOOLEAN)
      return [
        { value: "true", label: "True", sends: true },
        { value: "false", label: "False", sends: false },
      ];
    if (option.type in PICKS) return choosable(PICKS[option.type], store, option.channel_types);
    return (option.choices ?? []).map((choice) => ({
      value: String(choice.value),
      label: choice.name,
      sends: choice.value,
    }));
  }

  /** Show what may be chosen for what has been typed. */
  async #suggest(wait) {
    const text = this.input.value;
    if (!this.#lists() || this.chosen?.label === text) return;
    const turn = (this.turn += 1);
    const at = text ? 0 : -1;
    if (!this.option.autocomplete) {
      const wanted = text.toLowerCase().replace(/^[@#]/, "");
      this.picker.show(
        this.#items().filter((item) => item.label.toLowerCase().includes(wanted)),
        { empty: "Nothing of that name.", at },
      );
      return;
    }
    clearTimeout(this.timer);
    await new Promise((resolve) => {
      this.timer = setTimeout(resolve, wait);
    });
    if (turn !== this.turn || document.activeElement !== this.input) return;
    let items = [];
    let empty = "No options match your search.";
    try {
      const choices = await this.ask(this);
      items = choices.map((choice) => ({ value: String(choice.value), label: choice.name, sends: choice.value }));
    } catch (error) {
      empty = error.message;
    }
    if (turn === this.turn && document.activeElement === this.input) this.picker.show(items, { empty, at });
  }

  #choose(item) {
    this.chosen = item;
    this.turn += 1;
    this.input.value = item.label;
    this.fail("");
    this.picker.close();
    this.next(this);
  }

  #key(event) {
    if (this.picker.key(event)) return;
    if (event.key === "ArrowDown" && this.#lists()) {
      event.preventDefault();
      this.chosen = null;
      this.#suggest(0);
    }
  }

  get empty() {
    return this.input.value.trim() === "";
  }

  /** As it stands now, for an autocomplete question. */
  draft(focused) {
    const { name, type } = this.option;
    const number = Number(this.input.value);
    const value = this.chosen
      ? (this.chosen.sends ?? this.chosen.value)
      : [INTEGER, NUMBER].includes(type) && !focused && !this.empty && !Number.isNaN(number)
        ? number
        : this.input.value;
    return { type, name, value, ...(focused && { focused: true }) };
  }

  /** The option to send, or null when it is left out; undefined, with its note saying why, when it is wrong. */
  read() {
    const text = this.input.value.trim();
    if (!text) return this.option.required ? this.fail("This option is required.") : null;
    const { name, type } = this.option;
    const send = (value) => ({ type, name, value });
    if (this.chosen) return send(this.chosen.sends ?? this.chosen.value);
    if (type === INTEGER || type === NUMBER) return this.#number(text, send);
    if (this.#lists() && !this.option.autocomplete) {
      const item = this.#items().find(({ label, value }) =>
        [label, value].some(
          (name) => name.toLowerCase().replace(/^[@#]/, "") === text.toLowerCase().replace(/^[@#]/, ""),
        ),
      );
      return item ? send(item.sends ?? item.value) : this.fail("Choose one from the list.");
    }
    if (text.length < (this.option.min_length ?? 0))
      return this.fail(`At least ${this.option.min_length} characters, please.`);
    return send(text);
  }

  #number(text, send) {
    const { type, min_value: least, max_value: most, choices } = this.option;
    const choice = choices?.find((choice) => choice.name === text);
    const value = choice?.value ?? Number(text.replace(",", "."));
    if (Number.isNaN(value) || (type === INTEGER && !Number.isInteger(value)))
      return this.fail(type === INTEGER ? "A whole number, please." : "A number, please.");
    if (least !== undefined && least !== null && value < least) return this.fail(`At least ${least}, please.`);
    if (most !== undefined && most !== null && value > most) return this.fail(`At most ${most}, please.`);
    return send(value);
  }

  /** Say beside the field what is wrong with it; an empty sentence takes that back. */
  fail(sentence) {
    this.node.dataset.wrong = sentence ? "yes" : "";
    this.input.setAttribute("aria-invalid", String(Boolean(sentence)));
    refill(this.note, sentence || this.#describe());
    return undefined;
  }
}
