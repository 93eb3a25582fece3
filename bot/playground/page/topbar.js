/** The line over the messages: where one is, how the bot is, and the way to the plugs. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { iconOf, titleOf } from "./place.js";

const WORDS = { running: "running", stopped: "stopped", starting: "starting…", unmanaged: "elsewhere" };

/** How the bot is, in a word and a colour, from the playground's status. */
export function botState(status) {
  if (!status) return { words: "unknown", colour: "off" };
  if (status.bot_connected) return { words: "connected", colour: "on" };
  if (status.bot === "running" || status.bot === "starting") return { words: "connecting…", colour: "wait" };
  return { words: status.bot === "unmanaged" ? "not connected" : WORDS[status.bot], colour: "off" };
}

export class Topbar {
  constructor(root, store, { sidebar, faults }) {
    Object.assign(this, { root, store });
    this.title = h("div", { class: "where" });
    this.state = h("button", {
      class: "bot-state",
      type: "button",
      dataset: { testid: "faults-toggle" },
      "aria-expanded": "false",
      "aria-controls": "faults",
      onclick: faults,
    });
    this.burger = h(
      "button",
      { class: "tool burger", type: "button", dataset: { testid: "sidebar-toggle" }, onclick: sidebar },
      icon("menu"),
    );
    refill(root, this.burger, this.title, this.state);
    for (const type of ["hello", "open", "status", "channels"]) store.addEventListener(type, () => this.render());
  }

  render() {
    const channel = this.store.channel(this.store.open);
    if (!channel) return;
    refill(
      this.title,
      icon(iconOf(channel, this.store)),
      h("h1", {}, titleOf(channel, this.store)),
      channel.topic && h("p", { class: "topic" }, channel.topic),
    );
    const news = this.store.unread.size > 0;
    this.burger.setAttribute("aria-label", news ? "Channels, some unread" : "Channels");
    this.burger.dataset.news = news ? "yes" : "";
    const { words, colour } = botState(this.store.status);
    const name = this.store.nameOf(this.store.bot);
    refill(
      this.state,
      h("span", { class: "lamp", dataset: { state: colour } }),
      h("span", { class: "bot-words" }, `${name} ${words}`),
      icon("plug"),
    );
    this.state.setAttribute("aria-label", `${name} ${words}. Pull plugs`);
  }
}
