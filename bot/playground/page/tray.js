/** The files that go along with the next message. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";

const MOST = 10;

/** A list of chosen files above the box; `onadd()` is called when some have come. */
export class Tray {
  constructor(onadd) {
    this.onadd = onadd;
    this.files = [];
    this.node = h("ul", { class: "tray", "aria-label": "Files to send", hidden: true });
    this.input = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      dataset: { testid: "file-input" },
      onchange: () => {
        this.add(this.input.files);
        this.input.value = "";
      },
    });
  }

  /** Take files along; a paste or drop that brings some does nothing else. */
  add(files, event = null) {
    if (!files?.length) return;
    event?.preventDefault();
    this.set([...this.files, ...files].slice(0, MOST));
    this.onadd();
  }

  set(files) {
    this.files = files;
    this.node.hidden = files.length === 0;
    refill(
      this.node,
      files.map((file) => h("li", {}, icon("file"), h("span", {}, file.name), this.#remover(file))),
    );
  }

  #remover(file) {
    const remove = () => this.set(this.files.filter((other) => other !== file));
    return h(
      "button",
      { class: "tool", type: "button", "aria-label": `Remove ${file.name}`, onclick: remove },
      icon("close"),
    );
  }
}
