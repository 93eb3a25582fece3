/** A list to choose from that floats by an element and is steered by the keys of another: pickers and selects. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";

let serial = 0;

/** Place a floating node by an anchor, above it or below it, within the window. */
function place(node, anchor, { width, above } = {}) {
  const box = anchor.getBoundingClientRect();
  const room = { above: box.top - 12, below: innerHeight - box.bottom - 12 };
  node.style.maxHeight = "";
  if (width)
    node.style.width = `${Math.min(Math.max(width === "anchor" ? box.width : width, 220), innerWidth - 16)}px`;
  const height = node.offsetHeight;
  const up = above
    ? room.above >= Math.min(height, 160) || room.above > room.below
    : room.below < height && room.above > room.below;
  node.style.maxHeight = `${Math.max(120, up ? room.above : room.below)}px`;
  const tall = Math.min(height, up ? room.above : room.below);
  node.style.left = `${Math.max(8, Math.min(box.left, innerWidth - node.offsetWidth - 8))}px`;
  node.style.top = `${up ? Math.max(8, box.top - tall - 6) : box.bottom + 6}px`;
}

/**
 * A listbox. `owner` is the element that keeps the focus (an input or a button); `onchoose(item)` is called with one of
 * the items `{ value, label, hint?, note?, icon?, face?, group?, chosen? }`.
 */
export class Picker {
  constructor({ owner, label, onchoose, onclose, above = true, width = "anchor", anchor = owner, many = false }) {
    Object.assign(this, { owner, onchoose, onclose, above, width, anchor, many });
    this.items = [];
    this.at = 0;
    this.id = `picker-${(serial += 1)}`;
    this.node = h("div", {
      class: "picker",
      role: "listbox",
      id: this.id,
      "aria-label": label,
      "aria-multiselectable": many || undefined,
      dataset: { testid: "picker" },
    });
    this.node.addEventListener("mousedown", (event) => event.preventDefault());
    this.node.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
    this.node.addEventListener("mousemove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#light(Number(option.dataset.index), false);
    });
    this.outside = (event) => {
      if (
        !this.node.contains(event.target) &&
        !this.anchor.contains(event.target) &&
        !this.owner.contains(event.target)
      )
        this.close();
    };
    this.moved = () => this.opened && place(this.node, this.anchor, { width: this.width, above: this.above });
  }

  get opened() {
    return this.node.isConnected;
  }

  /** Show these items; with none, show the words of `empty`, or close when there are no words either. */
  show(items, { empty = "", at = 0, title = "" } = {}) {
    this.items = items;
    if (!items.length && !empty) return this.close();
    let group;
    refill(
      this.node,
      title && h("div", { class: "picker-title", role: "presentation" }, title),
      items.map((item, index) => {
        const header =
          item.group && item.group !== group
            ? h("div", { class: "picker-title", role: "presentation" }, item.group)
            : null;
        group = item.group;
        return [header, this.#option(item, index)];
      }),
      !items.length && h("div", { class: "picker-empty", role: "presentation" }, empty),
    );
    if (!this.opened) this.#open();
    place(this.node, this.anchor, { width: this.width, above: this.above });
    this.#light(Math.min(at, items.length - 1), true);
    return undefined;
  }

  #option(item, index) {
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: `${this.id}-${index}`,
        dataset: { index, value: item.value },
        "aria-selected": String(Boolean(item.chosen)),
      },
      item.face ?? (item.icon && icon(item.icon)),
      h(
        "span",
        { class: "option-words" },
        h("span", { class: "option-label" }, item.label),
        item.note && h("span", { class: "option-note" }, item.note),
      ),
      item.hint && h("span", { class: "option-hint" }, item.hint),
      this.many && h("span", { class: "tickbox" }, item.chosen && icon("check")),
      !this.many && item.chosen && icon("check"),
    );
  }

  #open() {
    (this.owner.closest("dialog") ?? document.getElementById("layer")).append(this.node);
    this.owner.setAttribute("aria-expanded", "true");
    this.owner.setAttribute("aria-controls", this.id);
    document.addEventListener("pointerdown", this.outside, true);
    addEventListener("resize", this.moved);
    document.addEventListener("scroll", this.moved, true);
  }

  close() {
    if (!this.opened) return;
    this.node.remove();
    this.items = [];
    this.owner.setAttribute("aria-expanded", "false");
    this.owner.removeAttribute("aria-activedescendant");
    document.removeEventListener("pointerdown", this.outside, true);
    removeEventListener("resize", this.moved);
    document.removeEventListener("scroll", this.moved, true);
    this.onclose?.();
  }

  #light(index, scroll) {
    this.at = index;
    this.node.querySelector(".lit")?.classList.remove("lit");
    const option = this.node.querySelector(`[data-index="${index}"]`);
    if (!option) return;
    option.classList.add("lit");
    this.owner.setAttribute("aria-activedescendant", option.id);
    if (scroll) option.scrollIntoView({ block: "nearest" });
  }

  #step(step) {
    const count = this.items.length;
    this.#light(this.at < 0 ? (step > 0 ? 0 : count - 1) : (this.at + step + count) % count, true);
  }

  choose(index) {
    const item = this.items[index];
    if (item) this.onchoose(item);
  }

  /** Let a key of the owner steer the list; true when it was one of the list's. */
  key(event) {
    if (!this.opened) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.items.length && !event.altKey) this.#step(step);
    else if ((event.key === "Enter" || event.key === "Tab") && this.items.length && !event.shiftKey && this.at >= 0)
      this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
