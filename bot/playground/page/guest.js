/** The line over the box where the bot is no member: whether one has brought it, and the way to do so. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { away } from "./place.js";

/** Shows itself in the open place; `install(on)` puts the bot on one's account, or takes it off. */
export class Guest {
  constructor(root, store, install) {
    Object.assign(this, { root, store });
    this.words = h("span", {});
    this.button = h("button", {
      class: "button small secondary",
      type: "button",
      onclick: () => install(!this.store.installed),
    });
    refill(root, icon("apps"), this.words, this.button);
    for (const type of ["hello", "open", "people"]) store.addEventListener(type, () => this.render());
  }

  render() {
    const { store } = this;
    const channel = store.channel(store.open);
    this.root.hidden = !channel || !away(channel, store);
    const name = store.nameOf(store.bot);
    this.words.textContent = store.installed
      ? `${name} came with you, and hears only its commands.`
      : `${name} is not here. Put it on your account to bring it.`;
    this.button.textContent = store.installed ? "Remove" : "Add to account";
  }
}
