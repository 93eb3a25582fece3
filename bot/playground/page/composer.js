/** Where a person writes: text, mentions, files, replies, and slash commands. */

import { avatar } from "./avatar.js";
import { dissect, matching, runnable } from "./commands.js";
import { fit } from "./editor.js";
import { draw, h } from "./element.js";
import { icon } from "./icons.js";
import { nonce } from "./interactions.js";
import { candidates, encode, typed } from "./mentions.js";
import { Picker } from "./picker.js";
import { addressOf, away } from "./place.js";
import { SlashForm } from "./slash.js";
import { tray } from "./tray.js";
import { Typing } from "./typing.js";

const LONGEST = 2000;
const MOST_FILES = 10;

const EMPTY = { text: "", trouble: "", replyTo: null, files: [], form: null };

/** Draws `state`: what is in the box and around it. */
export class Composer {
  constructor(root, store, api, interactions, { editLast, sent }) {
    Object.assign(this, { root, store, api, interactions, editLast, sent });
    this.state = EMPTY;
    this.channel = "";
    this.drafts = new Map();
    this.typing = new Typing(store, api);
    this.frame = h("div", { class: "composer-frame" });
    this.#set({});
    this.input = root.querySelector("textarea");
    this.picker = new Picker({
      owner: this.input,
      anchor: root.querySelector(".composer-box"),
      label: "Suggestions",
      onchoose: (item) => item.pick(item),
    });
    for (const type of ["hello", "commands"])
      store.addEventListener(type, () => this.picker.opened && this.#suggest());
    root.closest("main").addEventListener("dragover", (event) => event.preventDefault());
    root.closest("main").addEventListener("drop", (event) => this.#attach(event.dataTransfer.files, event));
  }

  #set(changes) {
    this.state = { ...this.state, ...changes };
    const { text, trouble, replyTo, files, form } = this.state;
    const channel = this.store.channel(this.channel);
    const left = LONGEST - text.length;
    draw(
      this.frame,
      tray(files, (file) => this.#set({ files: this.state.files.filter((other) => other !== file) })),
      h(
        "div",
        { class: "composer-box", hidden: Boolean(form) },
        tool("plus", "Attach files", () => this.root.querySelector("[type=file]").click()),
        h("textarea", {
          id: "composer-input",
          rows: "1",
          role: "combobox",
          "aria-expanded": "false",
          "aria-autocomplete": "list",
          autocomplete: "off",
          placeholder: channel && `Message ${addressOf(channel, this.store)}`,
          disabled: !channel,
          "aria-label": channel && `Message ${addressOf(channel, this.store)}`,
          value: text,
          dataset: { testid: "composer" },
          oninput: () => this.#typed(),
          onclick: () => this.#suggest(),
          onkeydown: (event) => this.#key(event),
          onpaste: (event) => this.#attach(event.clipboardData.files, event),
        }),
        h(
          "span",
          { class: "count", "aria-live": "polite", dataset: { over: left < 0 && "yes" } },
          left < 200 && left,
        ),
        tool("slash", "Commands", () => this.fill("/")),
        tool("send", "Send message", () => this.send(), { tip: "Send (Enter)", look: "tool go" }),
      ),
      form?.node,
    );
    draw(
      this.root,
      h("div", { class: "trouble", role: "alert" }, trouble),
      replyTo && this.#replyBar(replyTo),
      this.frame,
      h("input", {
        type: "file",
        multiple: true,
        hidden: true,
        dataset: { testid: "file-input" },
        onchange: ({ target }) => {
          this.#attach([...target.files]);
          target.value = "";
        },
      }),
      this.typing.node,
    );
    fit(this.root.querySelector("textarea"));
  }

  #replyBar(message) {
    const stop = () => {
      this.reply(null);
      this.focus();
    };
    return h(
      "div",
      { class: "reply-bar" },
      h("span", {}, "Replying to ", h("strong", {}, this.store.nameOf(message.author))),
      tool("close", "Stop replying", stop, { tip: "Stop replying (Escape)" }),
    );
  }

  /** Take files along; a paste or drop that brings some does nothing else. */
  #attach(files, event = null) {
    if (!files?.length) return;
    event?.preventDefault();
    this.#set({ files: [...this.state.files, ...files].slice(0, MOST_FILES) });
    this.focus();
  }

  /** Turn to another channel; what was written in the last one is kept for later. */
  visit(channel) {
    const { text } = this.state;
    const elsewhere = this.channel !== channel.id;
    if (elsewhere) {
      this.drafts.set(this.channel, text);
      this.leaveForm(false);
    }
    this.channel = channel.id;
    this.#set(elsewhere ? { ...EMPTY, text: this.drafts.get(channel.id) ?? "" } : { trouble: "" });
    this.picker.close();
  }

  focus() {
    (this.state.form ?? this.input).focus();
  }

  /** Show a sentence of trouble above the box; an empty one takes it away. */
  say(trouble) {
    this.#set({ trouble });
  }

  /** Put a text into the box as if it had been typed. */
  fill(text) {
    this.leaveForm(false);
    this.#set({ text });
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
    const exact = text.startsWith("/") && dissect(text, runnable(this.store, this.channel));
    if (exact) this.choose(exact.entry, exact.values);
    else this.#typed();
  }

  insert(text) {
    this.leaveForm(false);
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
    this.input.focus();
    this.#typed();
  }

  reply(message) {
    this.#set({ replyTo: message });
    if (message) this.focus();
  }

  async send() {
    const { channel } = this;
    const { text, replyTo, files } = this.state;
    const content = encode(text, this.store).trim();
    if (!content && !files.length) return;
    if (content.length > LONGEST) {
      this.say(`A message has at most ${LONGEST} characters; this one has ${content.length}.`);
      return;
    }
    this.#set(EMPTY);
    this.picker.close();
    this.typing.sent();
    this.sent();
    const reference = replyTo && { message_reference: { message_id: replyTo.id, channel_id: channel } };
    try {
      await this.api.say(channel, { content, nonce: nonce(), ...reference }, files);
    } catch (error) {
      this.say(error.message);
      if (this.channel === channel) this.#set({ text: this.state.text || text, replyTo, files });
    }
  }

  #typed() {
    this.#set({ text: this.input.value, trouble: "" });
    this.#suggest();
    const { text } = this.state;
    if (text && !text.startsWith("/")) this.typing.tell(this.channel);
  }

  #suggest() {
    const text = this.input.value;
    if (/^\/[^\n]*$/.test(text)) return this.#suggestCommands(text);
    const token = typed(text, this.input.selectionStart);
    if (!token) return this.picker.close();
    const items = candidates(token, this.store).map((item) => ({
      ...item,
      pick: () => {
        this.picker.close();
        this.input.setRangeText(`${item.insert} `, token.start, this.input.selectionStart, "end");
        this.input.focus();
        this.#typed();
      },
    }));
    return this.picker.show(items, { title: token.sign === "@" ? "People and roles" : "Channels" });
  }

  #suggestCommands(text) {
    const all = runnable(this.store, this.channel);
    const exact = dissect(text, all);
    if (exact && text !== `/${exact.entry.name}`) return this.choose(exact.entry, exact.values);
    const items = matching(all, text.slice(1)).map((entry) => ({
      value: entry.name,
      label: `/${entry.name}`,
      note: entry.description,
      hint: entry.options.map((option) => (option.required ? option.name : `${option.name}?`)).join("  "),
      face: avatar(this.store.bot, this.store, "tiny"),
      pick: () => this.choose(entry),
    }));
    const name = this.store.nameOf(this.store.bot);
    const none = away(this.store.channel(this.channel), this.store)
      ? `${name} has no commands for you here.`
      : "The bot has registered no commands yet.";
    return this.picker.show(items, { empty: all.length ? "" : none, title: `Commands of ${name}` });
  }

  /** Turn the box into the form of a command. */
  choose(entry, values = {}) {
    this.picker.close();
    const form = new SlashForm(entry, values, {
      store: this.store,
      interactions: this.interactions,
      channel: this.channel,
      send: (data, words) => this.#run(data, words),
      close: () => this.leaveForm(),
    });
    this.#set({ text: "", form });
    form.focus();
  }

  leaveForm(focus = true) {
    this.state.form?.fields.forEach((field) => field.picker.close());
    this.#set({ form: null });
    if (focus) this.input.focus();
  }

  async #run(data, words) {
    this.leaveForm();
    this.sent();
    const outcome = await this.interactions.command(this.channel, data, `/${words}`);
    if (outcome.refused) this.say(outcome.reason);
  }

  #key(event) {
    if (event.isComposing || this.picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) this.send();
    else if (event.key === "ArrowUp" && !event.altKey && !this.input.value && this.editLast()) this.picker.close();
    else if (event.key === "Escape" && this.state.replyTo) this.reply(null);
    else return;
    event.preventDefault();
  }
}

function tool(picture, label, act, { tip = label, look = "tool" } = {}) {
  return h(
    "button",
    { class: look, type: "button", "aria-label": label, dataset: { tip, key: label }, onclick: act },
    icon(picture),
  );
}
