/** One message as an element. */

import { avatar, tag } from "./avatar.js";
import { components } from "./components.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { attachments, embed } from "./media.js";
import { prose } from "./prose.js";
import { reference, usedBy } from "./reference.js";
import { moment, posted } from "./timestamps.js";

const EPHEMERAL = 64;
const LOADING = 128;
const SILENT = 4096;
const STARTED_THREAD = 18;
const THREAD_STARTER = 21;
const SYSTEM = {
  6: "pinned a message to this channel.",
  7: "is here. Say hello!",
  18: "started a thread:",
};

/** Whether a message stands under the one before it without a header of its own. */
export function grouped(message, before) {
  return (
    Boolean(before) &&
    before.author.id === message.author.id &&
    before.webhook_id === message.webhook_id &&
    plain(message) &&
    plain(before) &&
    !message.referenced_message &&
    !message.message_reference &&
    !usedBy(message) &&
    new Date(message.timestamp) - new Date(before.timestamp) < 7 * 60_000 &&
    (before.flags & EPHEMERAL) === (message.flags & EPHEMERAL)
  );
}

function plain(message) {
  return !message.local && [undefined, 0, 19, 20, 23].includes(message.type);
}

/** The `<li>` of a message. `acts` are the page's: `component(message, component, values)`, `dismiss(message)`. */
export function draw(message, store, acts, { compact = false } = {}) {
  if (message.local) return pending(message, store, acts);
  if (message.type in SYSTEM) return system(message, store);
  const shown =
    message.type === THREAD_STARTER && message.referenced_message ? message.referenced_message : message;
  const pings = message.author.id !== store.me.id && store.mentionsMe(message);
  const hidden = Boolean(message.flags & EPHEMERAL);
  return h(
    "li",
    {
      class: `message${compact ? " compact" : ""}${pings ? " pings" : ""}${hidden ? " ephemeral" : ""}`,
      dataset: { messageId: message.id, authorId: message.author.id, author: store.nameOf(message.author) },
      tabindex: "-1",
    },
    reference(message, store),
    h(
      "div",
      { class: "message-main" },
      compact
        ? h(
            "span",
            { class: "gutter-time", "aria-hidden": "true" },
            moment(Date.parse(message.timestamp) / 1000, "t"),
          )
        : avatar(shown.author, store),
      h(
        "div",
        { class: "message-body" },
        !compact && header(shown, store),
        body(shown, store, acts),
        message.thread && threadCard(message.thread),
        store.unheard.has(message.id) && unheard(message, store),
        hidden && onlyYou(message, acts),
      ),
    ),
  );
}

function header(message, store) {
  return h(
    "div",
    { class: "message-head" },
    h(
      "button",
      {
        class: "author",
        type: "button",
        dataset: { user: message.author.id, hue: Number(BigInt(message.author.id || 0) % 9973n) % 8 },
      },
      store.nameOf(message.author),
    ),
    tag(message.author, message),
    message.flags & SILENT
      ? h("span", { class: "silent", dataset: { tip: "Sent without a notification" } }, icon("silent"))
      : null,
    h(
      "time",
      {
        class: "posted",
        datetime: message.timestamp,
        dataset: { tip: moment(Date.parse(message.timestamp) / 1000, "F") },
      },
      posted(message.timestamp),
    ),
  );
}

function body(message, store, acts) {
  if (message.flags & LOADING) {
    return h(
      "div",
      { class: "thinking", role: "status" },
      h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      `${store.nameOf(message.author)} is thinking…`,
    );
  }
  return [
    message.content &&
      h(
        "div",
        { class: "content prose" },
        prose(message.content, store),
        message.edited_timestamp && edited(message),
      ),
    attachments(loose(message)),
    (message.embeds ?? []).map((data) => embed(data, store)),
    components(message, store, (component, values) => acts.component(message, component, values)),
    !message.content && message.edited_timestamp && edited(message),
    reactions(message, acts),
  ];
}

/** Attachments that no component of the message already shows. */
function loose(message) {
  return message.flags & (1 << 15) ? [] : message.attachments;
}

function edited(message) {
  return h(
    "span",
    { class: "edited", dataset: { tip: moment(Date.parse(message.edited_timestamp) / 1000, "F") } },
    "(edited)",
  );
}

/** Tell that nobody else sees a message, and let it be dismissed. */
function onlyYou(message, acts) {
  return h(
    "div",
    { class: "private" },
    icon("eye"),
    "Only you can see this • ",
    h("button", { class: "textual", type: "button", onclick: () => acts.dismiss(message) }, "Dismiss message"),
  );
}

function unheard(message, store) {
  const name = store.nameOf(store.bot);
  const mine = message.author.id === store.me.id && message.content;
  return h(
    "div",
    { class: "private unheard" },
    icon("warning"),
    h(
      "span",
      {},
      `${name} was away, and Discord doesn't deliver this to it later. `,
      mine && h("button", { class: "textual", type: "button", dataset: { fill: message.content } }, "Write it again"),
    ),
  );
}

function threadCard(thread) {
  return h(
    "button",
    { class: "thread-card", type: "button", dataset: { channel: thread.id } },
    icon("thread"),
    h("strong", {}, thread.name),
    h("span", {}, "Open thread"),
  );
}

function reactions(message, acts) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) =>
      h(
        "button",
        {
          class: reaction.me ? "reaction mine" : "reaction",
          type: "button",
          "aria-pressed": String(Boolean(reaction.me)),
          dataset: { key: `reaction-${reaction.emoji.name}` },
          onclick: () => acts.react(message, reaction),
        },
        reaction.emoji.id ? `:${reaction.emoji.name}:` : reaction.emoji.name,
        h("b", {}, reaction.count),
      ),
    ),
  );
}

function system(message, store) {
  return h(
    "li",
    { class: "message system", dataset: { messageId: message.id, authorId: message.author.id }, tabindex: "-1" },
    h(
      "div",
      { class: "message-main" },
      h("span", { class: "system-icon" }, icon(message.type === STARTED_THREAD ? "thread" : "hash")),
      h(
        "div",
        { class: "message-body" },
        h(
          "button",
          { class: "author", type: "button", dataset: { user: message.author.id } },
          store.nameOf(message.author),
        ),
        ` ${SYSTEM[message.type]} `,
        message.type === STARTED_THREAD && h("strong", {}, message.content),
      ),
    ),
  );
}

/** A command of one's own that is under way, or got no answer. */
function pending(message, store, acts) {
  const failed = message.state === "failed";
  return h(
    "li",
    { class: "message local", dataset: { state: message.state }, tabindex: "-1" },
    h(
      "div",
      { class: "reply-line" },
      avatar(message.author, store, "tiny"),
      h("span", { class: "reply-author" }, store.nameOf(message.author)),
      h("span", {}, "used ", h("span", { class: "used" }, message.words)),
    ),
    h(
      "div",
      { class: "message-main" },
      avatar(store.bot, store),
      h(
        "div",
        { class: "message-body" },
        h(
          "div",
          { class: "message-head" },
          h("span", { class: "author" }, store.nameOf(store.bot)),
          tag(store.bot),
        ),
        failed
          ? h(
              "div",
              { class: "failure", role: "alert", title: message.reason },
              icon("warning"),
              "The application did not respond",
            )
          : h(
              "div",
              { class: "thinking", role: "status" },
              h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
              "Sending command…",
            ),
        failed && onlyYou(message, acts),
      ),
    ),
  );
}
