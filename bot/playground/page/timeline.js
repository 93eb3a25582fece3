/** The open channel's messages: drawn, grouped, kept in place while they change, scrolled. */

import { editor } from "./editor.js";
import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { draw, grouped } from "./message.js";
import { titleOf } from "./place.js";
import { dayOf } from "./timestamps.js";
import { intro } from "./welcome.js";

const PAGE = 50;
const NEAR = 90;
const MOST = 400;
const KEPT = 250;

/** Shows `store.open`. `acts` are what a message's parts can do; `toolbar` is attached to the message in hand. */
export class Timeline {
  constructor(root, store, api, acts, toolbar) {
    Object.assign(this, { root, store, api, acts, toolbar });
    this.drawn = new Map();
    this.editing = "";
    this.first = "";
    this.stuck = true;
    this.list = h("ol", { class: "messages", onkeydown: (event) => this.#key(event) });
    this.scroller = h("div", { class: "scroller", tabindex: "-1", onscroll: () => this.#scrolled() }, this.list);
    this.jump = h(
      "button",
      { class: "jump", type: "button", hidden: true, onclick: () => this.bottom() },
      "Jump to the newest",
      icon("down"),
    );
    refill(root, this.scroller, this.jump);
    this.list.addEventListener("mouseover", (event) => this.#hold(event.target.closest(".message")));
    this.list.addEventListener("focusin", (event) => this.#hold(event.target.closest(".message")));
    this.list.addEventListener(
      "mouseleave",
      () => !this.list.contains(document.activeElement) && this.toolbar.release(),
    );
    new ResizeObserver(() => this.stuck && this.bottom()).observe(this.list);
    new ResizeObserver(() => this.stuck && this.bottom()).observe(this.scroller);
    store.addEventListener("messages", (event) => event.detail.channel === store.open && this.render());
    store.addEventListener("open", (event) => this.show(event.detail.first));
  }

  /** Show the open channel from its newest message, with a line above the first unread one. */
  async show(first = "") {
    this.drawn.clear();
    this.editing = "";
    this.first = first;
    this.stuck = true;
    this.render();
    this.bottom();
    if (!this.store.room(this.store.open).loaded) await this.#load();
  }

  /** Draw all again, as after a reconnection. */
  refresh() {
    return this.show(this.first);
  }

  async #load(before) {
    const channel = this.store.open;
    const room = this.store.room(channel);
    try {
      this.store.history(channel, room, await this.api.messages(channel, before), PAGE);
    } catch (error) {
      this.acts.trouble(error.message);
    }
  }

  render() {
    const { store } = this;
    const channel = store.channel(store.open);
    if (!channel) return;
    this.list.setAttribute("aria-label", `Messages in ${titleOf(channel, store)}`);
    const room = store.room(channel.id);
    if (this.stuck && room.messages.size > MOST) store.trim(channel.id, KEPT);
    const messages = store.messages(channel.id);
    const nodes = [];
    if (room.loaded && room.complete)
      nodes.push(
        this.#keep("intro", messages.map((m) => m.content).join("\n"), () => intro(channel, messages, store, this.acts.addHistory)),
      );
    if (!room.loaded && !messages.length) nodes.push(this.#keep("loading", 0, loading));
    let before = null;
    for (const message of messages) {
      const day = dayOf(new Date(message.timestamp));
      const newDay = before && day !== dayOf(new Date(before.timestamp));
      if (newDay)
        nodes.push(
          this.#keep(`day-${day}`, 0, () =>
            divider(new Date(message.timestamp).toLocaleDateString(undefined, { dateStyle: "long" })),
          ),
        );
      if (message.id === this.first && before)
        nodes.push(this.#keep("new", this.first, () => divider("New", "new")));
      const compact = !newDay && message.id !== this.first && grouped(message, before);
      nodes.push(this.#draw(message, compact));
      before = message;
    }
    this.#put(nodes);
    if (this.stuck) this.bottom();
    else this.#scrolled();
  }

  #draw(message, compact) {
    const editing = this.editing === message.id;
    const old = this.drawn.get(message.id);
    const answered = message.referenced_message?.id;
    const quoted = answered && this.store.room(message.channel_id).messages.get(answered);
    if (
      old &&
      old.message === message &&
      old.quoted === quoted &&
      old.compact === compact &&
      old.editing === editing
    )
      return old.node;
    const node = draw(message, this.store, this.acts, { compact });
    if (editing)
      editor(node, message, this.store, {
        save: (text) => this.#save(message, text),
        cancel: () => this.edit(null),
      });
    this.drawn.set(message.id, { message, quoted, compact, editing, node, replaces: old?.node });
    return node;
  }

  #keep(key, version, make) {
    const old = this.drawn.get(key);
    if (old?.version === version) return old.node;
    const node = make();
    this.drawn.set(key, { version, node, replaces: old?.node });
    return node;
  }

  /** Put the nodes in place, moving only what must move; focus and the toolbar stay with a message drawn anew. */
  #put(nodes) {
    const held = this.toolbar.node.closest(".message")?.dataset.messageId;
    const focus = document.activeElement;
    const within = this.list.contains(focus) ? focus.closest(".message")?.dataset.messageId : undefined;
    const key = focus?.dataset?.key;
    const wanted = new Set(nodes);
    for (const node of [...this.list.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    for (const [id, { node }] of this.drawn) if (!wanted.has(node)) this.drawn.delete(id);
    for (const node of this.list.querySelectorAll("li.message[tabindex='0']")) node.tabIndex = -1;
    const last = this.list.querySelector("li.message:last-of-type");
    if (last) last.tabIndex = 0;
    if (held) this.#hold(this.#node(held));
    if (within && !this.list.contains(focus)) {
      const again = this.#node(within);
      const part = key && again?.querySelector(`[data-key="${CSS.escape(key)}"]`);
      (part || again)?.focus({ preventScroll: true });
    }
  }

  #node(id) {
    return this.list.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
  }

  #hold(node) {
    if (!node?.dataset.messageId || this.editing === node.dataset.messageId) return this.toolbar.release();
    const message = this.store.room(this.store.open).messages.get(node.dataset.messageId);
    return message && this.toolbar.hold(node, message);
  }

  /** Edit a message in place; null ends it. */
  edit(message) {
    this.editing = message?.id ?? "";
    this.toolbar.release();
    this.render();
    if (!message) this.acts.compose();
  }

  /** Edit one's own last message; false when there is none. */
  editLast() {
    const own = this.store
      .messages(this.store.open)
      .filter((m) => !m.local && m.author.id === this.store.me.id && !m.webhook_id && m.type !== 18);
    if (own.length) this.edit(own.at(-1));
    return own.length > 0;
  }

  async #save(message, text) {
    if (text.trim() === "") return this.acts.remove(message);
    if (text !== message.content) await this.api.edit(message.channel_id, message.id, text);
    return this.edit(null);
  }

  /** Scroll to a message and let it glow for a moment. */
  jumpTo(id) {
    const node = this.#node(id);
    if (!node) return this.acts.trouble("That message is further up, or gone.");
    this.stuck = false;
    node.scrollIntoView({
      block: "center",
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
    node.classList.remove("glow");
    requestAnimationFrame(() => node.classList.add("glow"));
    return node.focus({ preventScroll: true });
  }

  /** Scroll to the newest message; where there is none yet, to the words of welcome. */
  bottom() {
    this.stuck = true;
    this.scroller.scrollTop = this.#empty ? 0 : this.scroller.scrollHeight;
    this.jump.hidden = true;
  }

  get #empty() {
    return this.store.room(this.store.open).messages.size === 0;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = this.#empty || scrollHeight - scrollTop - clientHeight < NEAR;
    this.jump.hidden = this.stuck;
    const room = this.store.room(this.store.open);
    if (scrollTop < 200 && room.loaded && !room.complete && !this.reading) this.#readBack();
  }

  async #readBack() {
    this.reading = true;
    const first = this.store.messages(this.store.open).find((message) => !message.local);
    const height = this.scroller.scrollHeight;
    if (first) await this.#load(first.id);
    this.scroller.scrollTop += this.scroller.scrollHeight - height;
    this.reading = false;
  }

  #key(event) {
    const node = event.target.closest(".message");
    if (event.target !== node || event.altKey) return;
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (!step) return;
    event.preventDefault();
    let next = node[step];
    while (next && !next.classList.contains("message")) next = next[step];
    next?.focus();
  }
}

function divider(words, kind = "") {
  return h("li", { class: `divider ${kind}`, role: "separator", "aria-label": words }, h("span", {}, words));
}

function loading() {
  return h("li", { class: "loading", role: "status" }, h("span", { class: "spinner" }), "Reading the channel…");
}
