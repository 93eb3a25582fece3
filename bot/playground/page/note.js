/** The line over the box: what one has to know of the bot here, and what can be done about it. */

import { draw, h } from "./element.js";
import { icon } from "./icons.js";
import { away } from "./place.js";

/** `acts.install(on)` puts the bot on one's account, or takes it off; `acts.start()` starts its process. */
export class Note {
  constructor(root, store, demo, acts) {
    Object.assign(this, { root, store, demo, acts, met: false });
    for (const type of ["hello", "open", "people", "status"]) store.addEventListener(type, () => this.render());
    demo.addEventListener("change", () => this.render());
  }

  render() {
    const { store, root } = this;
    const channel = store.channel(store.open);
    const note = channel && (away(channel, store) ? this.#guest() : this.#offline());
    root.hidden = !note;
    if (!note) return;
    draw(
      root,
      icon(note.icon),
      h("span", {}, note.words),
      note.label &&
        h("button", { class: "button small secondary", type: "button", onclick: note.act }, note.label),
    );
  }

  #guest() {
    const { store, acts } = this;
    const name = store.nameOf(store.bot);
    return {
      icon: "apps",
      words: store.installed
        ? `${name} came with you, and hears only its commands.`
        : `${name} isn't here. Put it on your account to bring it.`,
      label: store.installed ? "Remove" : "Add to account",
      act: () => acts.install(!store.installed),
    };
  }

  #offline() {
    const { status, bot } = this.store;
    const stopped = status?.bot === "stopped";
    this.met ||= Boolean(status?.bot_connected);
    // of a bot that comes for the first time, the lamp says enough
    if (!status || status.bot_connected || this.demo.running || !(this.met || stopped)) return null;
    const name = this.store.nameOf(bot);
    const state = { stopped: "stopped", starting: "starting" }[status.bot] ?? "not connected";
    return {
      icon: "warning",
      words: `${name} is ${state}. Discord won't pass on to it what you write meanwhile.`,
      label: stopped && "Start it",
      act: this.acts.start,
    };
  }
}
