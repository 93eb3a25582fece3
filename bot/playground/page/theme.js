/** Light, dark, or as the system says; remembered between visits. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";

const KEY = "playground.theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const LOOKS = { auto: ["auto", "as the system"], light: ["sun", "light"], dark: ["moon", "dark"] };

export class Theme {
  constructor() {
    this.node = h("button", {
      class: "tool",
      type: "button",
      dataset: { testid: "theme" },
      onclick: () => this.set(NEXT[this.now]),
    });
    this.set(localStorage.getItem(KEY) ?? "auto");
  }

  set(name) {
    this.now = name in NEXT ? name : "auto";
    if (this.now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.now;
    localStorage.setItem(KEY, this.now);
    const [drawing, words] = LOOKS[this.now];
    refill(this.node, icon(drawing));
    this.node.setAttribute("aria-label", `Colours: ${words}`);
    this.node.dataset.tip = `Colours: ${words}`;
  }
}
