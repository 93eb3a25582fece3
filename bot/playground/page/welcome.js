/** The head of a channel: what it is, and in `general` some things for a newcomer to try. */

import { h } from "./element.js";
import { icon, tomato } from "./icons.js";
import { away, iconOf, others, serverOf, titleOf } from "./place.js";

const TRIES = [
  { text: "!pomodoro tea 5", why: "Start a timer called tea, for five seconds." },
  { text: "!pomodoro eggs 3", why: "Start a shorter one beside it; it's done first." },
  { text: "!focus", why: "Start a session that you and others go through together." },
  { text: "/pomodoro start", why: "A timer by slash command, with fields to fill in." },
  { text: "!remind 10s stretch", why: "Be reminded of something; snooze it when it comes." },
  { text: "!stats here", why: "See what you've focused on, in a picture." },
];

/** The first row of a channel that has been read to its beginning; `addHistory()` is for the statistics. */
export function intro(channel, messages, store, addHistory) {
  const visit = away(channel, store);
  const newcomers = channel.name === "general" && !visit;
  const bots = newcomers || channel.id === store.dm?.id;
  return h(
    "li",
    { class: `intro${newcomers ? " newcomers" : ""}` },
    h("div", { class: "intro-face" }, bots ? tomato() : icon(iconOf(channel, store))),
    h("h2", {}, newcomers ? "Welcome to the playground" : titleOf(channel, store)),
    h("p", {}, words(channel, store, newcomers)),
    newcomers &&
      h(
        "ol",
        { class: "tries", "aria-label": "Things to try" },
        TRIES.map(({ text, why }) => {
          const done = messages.some((message) => message.content === text || usedName(message) === text.slice(1));
          return h(
            "li",
            {},
            h(
              "button",
              { class: "try", type: "button", dataset: { fill: text, done: done && "yes" } },
              h("span", { class: "try-tick" }, done && icon("check")),
              h("span", {}, h("code", {}, text), h("span", { class: "try-why" }, why)),
            ),
          );
        }),
      ),
    newcomers &&
      h(
        "p",
        { class: "tries-more" },
        "Statistics want a past: ",
        h("button", { class: "textual", type: "button", onclick: addHistory }, "add a month of sample history"),
        ". The plug at the top right shows what happens when things break.",
      ),
  );
}

function usedName(message) {
  return message.interaction_metadata?.name ?? message.interaction?.name;
}

function words(channel, store, newcomers) {
  if (newcomers)
    return "This is a small Discord on your own machine, with the real bot in it. Nothing leaves this computer. Try these:";
  if (away(channel, store)) {
    const server = serverOf(channel, store);
    const bot = store.nameOf(store.bot);
    return server
      ? `This is ${server}, a server that ${bot} is no member of. It hears nothing of what is said here.`
      : `You are among yourselves here, with ${others(channel, store)}. ${bot} hears nothing of what is said.`;
  }
  if (channel.type === 1)
    return `This is the beginning of your direct messages with ${store.nameOf(store.bot)}. Nobody else reads along.`;
  if (channel.type === 2) return "This is the chat of a voice channel.";
  if (channel.type >= 10)
    return `This thread hangs under #${store.channel(channel.parent_id)?.name ?? "a channel"}.`;
  return channel.topic || `This is the beginning of #${channel.name}.`;
}
