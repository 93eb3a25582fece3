/** What a message refers to: the message it answers, or the command it came of. */

import { avatar } from "./avatar.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { plainly } from "./prose.js";

const REPLY = 19;
const SLASH = 20;
const COMMAND_ANSWERS = [SLASH, 23];

/** The person and command that a message answers, or null. */
export function usedBy(message) {
  const metadata = message.interaction_metadata;
  const name = metadata?.name ?? message.interaction?.name;
  const user = metadata?.user ?? message.interaction?.user;
  return user && COMMAND_ANSWERS.includes(message.type) ? { user, name } : null;
}

/** What a message says, in a line of plain words. */
export function gist(message, store) {
  const words = [
    message.content,
    ...texts(message.components),
    ...(message.embeds ?? []).flatMap((e) => [e.title, e.description]),
  ];
  const text = plainly(words.filter(Boolean).join("\n"), store);
  return text || (message.attachments?.length ? "an attachment" : "a message");
}

function texts(list = []) {
  return list.flatMap((component) => [component.content, ...texts(component.components)]);
}

/** The line over a message that refers to something, or null. */
export function reference(message, store) {
  const used = usedBy(message);
  if (used) {
    return h(
      "div",
      { class: "reply-line" },
      avatar(used.user, store, "tiny"),
      h(
        "button",
        { class: "author small", type: "button", dataset: { user: used.user.id } },
        store.nameOf(used.user),
      ),
      h(
        "span",
        {},
        "used ",
        h(
          "span",
          { class: "used" },
          message.type === SLASH ? `/${used.name ?? "a command"}` : (used.name ?? "a command"),
        ),
      ),
    );
  }
  if (message.type !== REPLY) return null;
  const then = message.referenced_message;
  const first = then && (store.room(message.channel_id).messages.get(then.id) ?? then);
  if (!first) return h("div", { class: "reply-line gone" }, icon("reply"), "Original message was deleted");
  return h(
    "div",
    { class: "reply-line" },
    avatar(first.author, store, "tiny"),
    h("span", { class: "reply-author" }, store.nameOf(first.author)),
    h(
      "button",
      { class: "reply-gist", type: "button", dataset: { jump: first.id } },
      gist(first, store),
      h("span", { class: "unseen" }, `. Go to the message by ${store.nameOf(first.author)}`),
    ),
  );
}
