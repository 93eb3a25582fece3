/** A pop-up menu: arrows move, Enter chooses, Escape goes back to where it was opened from. */

import { h } from "./element.js";
import { icon } from "./icons.js";

let current = null;

/**
 * Open a menu at an element or at `{ x, y }`. Items are `{ label, icon?, face?, act, danger?, note? }`, or
 * `{ heading, items }`; empty items are passed over.
 */
export function openMenu(at, label, items) {
  closeMenu();
  const back = document.activeElement;
  const node = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, onkeydown: key },
    items.filter(Boolean).map((item) => (item.heading ? group(item) : entry(item))),
  );
  document.getElementById("layer").append(node);
  const box =
    at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  node.style.left = `${Math.max(8, Math.min(box.left, innerWidth - node.offsetWidth - 8))}px`;
  const below = box.bottom + 4;
  node.style.top = `${below + node.offsetHeight > innerHeight - 8 ? Math.max(8, box.top - node.offsetHeight - 4) : below}px`;
  const outside = (event) => !node.contains(event.target) && closeMenu(false);
  document.addEventListener("pointerdown", outside, true);
  current = { node, back, outside };
  node.querySelector("[role=menuitem]")?.focus();
}

function group({ heading, items = [] }) {
  return h(
    "div",
    { class: "menu-group", role: "group", "aria-label": heading },
    h("div", { class: "menu-heading", role: "presentation" }, heading),
    items.map(entry),
  );
}

function entry(item) {
  return h(
    "button",
    {
      class: item.danger ? "menu-item danger" : "menu-item",
      role: "menuitem",
      type: "button",
      tabindex: "-1",
      onclick: () => {
        closeMenu();
        item.act();
      },
    },
    item.face ?? (item.icon && icon(item.icon)),
    h("span", {}, item.label, item.note && h("small", {}, item.note)),
  );
}

/** Close the open menu, if any. */
export function closeMenu(restore = true) {
  if (!current) return;
  const { node, back, outside } = current;
  current = null;
  document.removeEventListener("pointerdown", outside, true);
  node.remove();
  if (restore && back?.isConnected) back.focus({ preventScroll: true });
}

function key(event) {
  const items = [...current.node.querySelectorAll("[role=menuitem]")];
  const index = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(index + step + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
