/** Where a person writes: text, mentions, files, replies, and slash commands. */

import { avatar } from "./avatar.js";
import { dissect, matching, runnable } from "./commands.js";
import { fit } from "./editor.js";
import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { nonce } from "./interactions.js";
import { candidates, encode, typed } from "./mentions.js";
import { Picker } from "./picker.js";
import { addressOf, away } from "./place.js";
import { SlashForm } from "./slash.js";
import { Tray } from "./tray.js";
import { Typing } from "./typing.js";

const LONGEST = 2000;

export class Composer {
  constructor(root, store, api, interactions, { editLast, sent }) {
    Object.assign(this, { root, store, api, interactions, editLast, sent });
    this.replyTo = null;
    this.form = null;
    this.drafts = new Map();
    this.input = h("textarea", {
      id: "composer-input",
      rows: "1",
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      autocomplete: "off",
      dataset: { testid: "composer" },
      oninput: () => this.#typed(),
      onclick: () => this.#suggest(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.tray.add(event.clipboardData.files, event),
    });
    this.tray = new Tray(() => this.focus());
    this.count = h("span", { class: "count", "aria-live": "polite" });
    this.trouble = h("div", { class: "trouble", role: "alert" });
    this.replyBar = h("div", { class: "reply-bar", hidden: true });
    this.place = h("div", { class: "form-place" });
    this.typing = new Typing(store, api);
    this.box = h(
      "div",
      { class: "composer-box" },
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-label": "Attach files",
          dataset: { tip: "Attach files" },
          onclick: () => this.tray.input.click(),
        },
        icon("plus"),
      ),
      this.input,
      this.count,
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-label": "Commands",
          dataset: { tip: "Commands" },
          onclick: () => this.fill("/"),
        },
        icon("slash"),
      ),
      h(
        "button",
        {
          class: "tool go",
          type: "button",
          "aria-label": "Send message",
          dataset: { tip: "Send (Enter)" },
          onclick: () => this.send(),
        },
        icon("send"),
      ),
    );
    refill(
      root,
      this.trouble,
      this.replyBar,
      h("div", { class: "composer-frame" }, this.tray.node, this.box, this.place),
      this.tray.input,
      this.typing.node,
    );
    this.picker = new Picker({
      owner: this.input,
      anchor: this.box,
      label: "Suggestions",
      onchoose: (item) => item.pick(item),
    });
    root.closest("main").addEventListener("dragover", (event) => event.preventDefault());
    root.closest("main").addEventListener("drop", (event) => this.tray.add(event.dataTransfer.files, event));
  }

  /** Turn to another channel; what was written in the last one is kept for later. */
  visit(channel) {
    if (this.channel && this.channel !== channel.id) {
      this.drafts.set(this.channel, this.input.value);
      this.input.value = this.drafts.get(channel.id) ?? "";
      this.reply(null);
      this.tray.set([]);
      this.leaveForm(false);
    }
    this.channel = channel.id;
    const name = addressOf(channel, this.store);
    this.input.placeholder = `Message ${name}`;
    this.input.setAttribute("aria-label", `Message ${name}`);
    this.say("");
    this.picker.close();
    fit(this.input);
  }

  focus() {
    if (this.form) this.form.focus();
    else this.input.focus();
  }

  /** Show a sentence of trouble above the box; an empty one takes it away. */
  say(sentence) {
    this.trouble.textContent = sentence;
  }

  /** Put a text into the box as if it had been typed. */
  fill(text) {
    this.leaveForm(false);
    this.input.value = text;
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
    this.replyTo = message;
    this.replyBar.hidden = !message;
    if (!message) return;
    refill(
      this.replyBar,
      h("span", {}, "Replying to ", h("strong", {}, this.store.nameOf(message.author))),
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-label": "Stop replying",
          dataset: { tip: "Stop replying (Escape)" },
          onclick: () => {
            this.reply(null);
            this.focus();
          },
        },
        icon("close"),
      ),
    );
    this.focus();
  }

  async send() {
    const content = encode(this.input.value, this.store).trim();
    const { replyTo, channel } = this;
    const { files } = this.tray;
    if (!content && !files.length) return;
    if (content.length > LONGEST) {
      this.say(`A message has at most ${LONGEST} characters; this one has ${content.length}.`);
      return;
    }
    const kept = this.input.value;
    this.input.value = "";
    this.#typed();
    this.typing.sent();
    const reference = replyTo && { message_reference: { message_id: replyTo.id, channel_id: channel } };
    this.reply(null);
    this.tray.set([]);
    this.sent();
    try {
      await this.api.say(channel, { content, nonce: nonce(), ...reference }, files);
    } catch (error) {
      this.say(error.message);
      if (this.channel !== channel) return;
      this.input.value ||= kept;
      this.reply(replyTo);
      this.tray.set(files);
      fit(this.input);
    }
  }

  #typed() {
    fit(this.input);
    this.say("");
    const left = LONGEST - this.input.value.length;
    this.count.textContent = left < 200 ? String(left) : "";
    this.count.dataset.over = left < 0 ? "yes" : "";
    this.#suggest();
    if (this.input.value && !this.input.value.startsWith("/")) this.typing.tell(this.channel);
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
    this.input.value = "";
    fit(this.input);
    this.form = new SlashForm(entry, values, {
      store: this.store,
      interactions: this.interactions,
      channel: this.channel,
      send: (data, words) => this.#run(data, words),
      close: () => this.leaveForm(),
    });
    refill(this.place, this.form.node);
    this.box.hidden = true;
    this.form.focus();
  }

  leaveForm(focus = true) {
    this.form?.fields.forEach((field) => field.picker.close());
    this.form = null;
    this.place.replaceChildren();
    this.box.hidden = false;
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
    else if (event.key === "Escape" && this.replyTo) this.reply(null);
    else return;
    event.preventDefault();
  }
}
