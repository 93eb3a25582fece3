/** The left side: the guild's channels and threads, who sits in voice, the direct messages, and who is speaking. */

import { avatar } from "./avatar.js";
import { h, refill } from "./element.js";
import { icon, tomato } from "./icons.js";
import { away, iconOf, serverOf, titleOf } from "./place.js";
import { older } from "./store.js";
import { Theme } from "./theme.js";

const WRITTEN = [0, 1, 3];
const ROLES = { ann: "member", ben: "member", mia: "moderator" };

export class Sidebar {
  constructor(root, store, { visit, speakAs, sit }) {
    Object.assign(this, { root, store, visit, speakAs, sit });
    this.theme = new Theme();
    this.lists = h("div", { class: "channel-lists" });
    this.people = h("div", {
      class: "people",
      role: "radiogroup",
      "aria-label": "Speak as",
      dataset: { testid: "people" },
      onkeydown: (event) => this.#key(event),
    });
    this.guild = h("p", {});
    refill(
      root,
      h("header", { class: "guild" }, h("span", { class: "guild-face" }, tomato()), this.guild),
      this.lists,
      h(
        "footer",
        { class: "speaker" },
        h("div", { class: "speaker-head" }, h("span", { id: "speaker-words" }, "Speak as"), this.theme.node),
        this.people,
      ),
    );
    store.addEventListener("hello", () => this.render());
    store.addEventListener("channels", () => this.render());
  }

  /** The channels in the order they stand, threads under their parents. */
  order() {
    const { store } = this;
    const all = [...store.channels.values()];
    const byPlace = (a, b) => (a.position ?? 0) - (b.position ?? 0) || older(a.id, b.id);
    const withThreads = (channel) => [
      channel,
      ...all
        .filter((thread) => thread.type >= 10 && thread.type <= 12 && thread.parent_id === channel.id)
        .sort((a, b) => older(a.id, b.id)),
    ];
    const ours = all.filter((channel) => !away(channel, store));
    const text = ours
      .filter((channel) => channel.type === 0)
      .sort(byPlace)
      .flatMap(withThreads);
    const voice = ours
      .filter((channel) => channel.type === 2)
      .sort(byPlace)
      .flatMap(withThreads);
    const elsewhere = all
      .filter((channel) => away(channel, store) && WRITTEN.includes(channel.type))
      .flatMap(withThreads);
    return { text, voice, direct: ours.filter((channel) => channel.type === 1), elsewhere };
  }

  /** The next or the previous channel from the open one. */
  step(by) {
    const { text, voice, direct, elsewhere } = this.order();
    const all = [...text, ...voice, ...direct, ...elsewhere];
    const index = all.findIndex((channel) => channel.id === this.store.open);
    this.visit(all[(index + by + all.length) % all.length].id);
  }

  render() {
    const { channelId, voice: seat } = document.activeElement?.dataset ?? {};
    this.guild.textContent = this.store.guild.name;
    const { text, voice, direct, elsewhere } = this.order();
    refill(
      this.lists,
      this.#section("Text channels", text),
      this.#section("Voice", voice),
      this.#section("Direct messages", direct),
      this.#section("Elsewhere, without the bot", elsewhere),
    );
    refill(
      this.people,
      this.store.people.map((user) => this.#person(user)),
    );
    if (channelId) this.lists.querySelector(`[data-channel-id="${channelId}"]`)?.focus();
    if (seat) this.lists.querySelector(`[data-voice="${seat}"]`)?.focus();
  }

  #section(title, channels) {
    if (!channels.length) return null;
    return h(
      "section",
      { "aria-label": title },
      h("h2", {}, title),
      h(
        "ul",
        {},
        channels.map((channel) => this.#link(channel)),
      ),
    );
  }

  #link(channel) {
    const { store } = this;
    const unread = store.unread.get(channel.id);
    const here = channel.id === store.open;
    const title = titleOf(channel, store);
    const server = serverOf(channel, store);
    const count = unread?.mentions === 1 ? "1 mention" : `${unread?.mentions} mentions`;
    const state = unread ? `, unread${unread.mentions ? `, ${count}` : ""}` : "";
    return h(
      "li",
      { class: "place" },
      h(
        "a",
        {
          class: `channel${unread ? " unread" : ""}${channel.type >= 10 && channel.type <= 12 ? " nested" : ""}`,
          href: `#${channel.id}`,
          "aria-current": here ? "page" : undefined,
          "aria-label": `${title}${server ? ` in ${server}` : ""}${state}`,
          dataset: { channelId: channel.id, channelName: title },
          onclick: (event) => {
            event.preventDefault();
            this.visit(channel.id);
          },
        },
        channel.id === store.dm?.id ? avatar(store.bot, store, "tiny") : icon(iconOf(channel, store)),
        h("span", { class: "channel-name" }, title, server && h("small", {}, ` in ${server}`)),
        unread?.mentions > 0 && h("span", { class: "badge" }, unread.mentions),
      ),
      channel.type === 2 && this.#voice(channel),
    );
  }

  /** The way into a voice channel and out of it, and who sits there. */
  #voice(channel) {
    const { store } = this;
    const here = store.seats.get(store.me.id) === channel.id;
    const label = here ? "Leave voice" : `Join voice ${channel.name}`;
    const seated = store.seated(channel.id);
    return [
      h(
        "button",
        {
          class: `tool seat${here ? " leave" : ""}`,
          type: "button",
          "aria-label": label,
          dataset: { tip: label, voice: channel.id },
          onclick: () => this.sit(here ? null : channel.id),
        },
        icon("phone"),
      ),
      seated.length > 0 &&
        h(
          "ul",
          { class: "seated", "aria-label": `In ${channel.name}` },
          seated.map((user) => h("li", {}, avatar(user, store, "tiny"), store.nameOf(user))),
        ),
    ];
  }

  #person(user) {
    const here = user.id === this.store.me.id;
    return h(
      "button",
      {
        class: "person",
        type: "button",
        role: "radio",
        "aria-checked": String(here),
        tabindex: here ? "0" : "-1",
        dataset: { testid: `person-${user.username}`, person: user.id },
        onclick: () => !here && this.speakAs(user.id),
      },
      avatar(user, this.store),
      h(
        "span",
        {},
        h("span", { class: "unseen" }, "Speak as "),
        this.store.nameOf(user),
        h("small", {}, ROLES[user.username] ?? ""),
      ),
    );
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    const { people, me } = this.store;
    const index = people.findIndex((user) => user.id === me.id);
    this.speakAs(people[(index + step + people.length) % people.length].id, true);
  }
}
