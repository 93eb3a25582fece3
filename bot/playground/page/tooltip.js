/** One tip for the whole page: words from `data-tip`, shown while its element is pointed at or has the focus. */

import { h } from "./element.js";

const node = h("div", { class: "tip", role: "tooltip", hidden: true });
let over = null;

function show(target) {
  const next = target?.closest?.("[data-tip]") ?? null;
  if (next === over) return;
  over = next;
  node.hidden = !next;
  if (!next) return;
  node.textContent = next.dataset.tip;
  const box = next.getBoundingClientRect();
  const top = box.top - node.offsetHeight - 8;
  node.style.top = `${top < 4 ? box.bottom + 8 : top}px`;
  node.style.left = `${Math.max(6, Math.min(box.left + box.width / 2 - node.offsetWidth / 2, innerWidth - node.offsetWidth - 6))}px`;
}

/** Begin to show tips. */
export function startTips() {
  document.body.append(node);
  document.addEventListener("mouseover", (event) => show(event.target));
  document.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(event.target));
  document.addEventListener("focusout", () => show(null));
  document.addEventListener("pointerdown", () => show(null));
  document.addEventListener("scroll", () => show(null), true);
}
