/** Faces: a disc with initials in a colour of the person's own, and the bot's tomato. */

import { h } from "./element.js";
import { tomato } from "./icons.js";

const HUES = 8;

/** The avatar of a user, as decoration beside their name. */
export function avatar(user, store, size = "") {
  const own = user.id === store.bot?.id;
  const name = store.nameOf(user);
  const hue = Number(BigInt(user.id || 0) % 9973n) % HUES;
  return h(
    "span",
    { class: `avatar ${size}`, "aria-hidden": "true", dataset: { hue: own ? "bot" : hue } },
    own ? tomato() : initials(name),
  );
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return words
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

/** The tag beside the name of anything that is no person. */
export function tag(user, message) {
  if (message?.webhook_id && message.webhook_id !== message.application_id)
    return h("span", { class: "tag" }, "WEBHOOK");
  return user.bot ? h("span", { class: "tag" }, "APP") : null;
}
