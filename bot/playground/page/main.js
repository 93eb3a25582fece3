/** Puts the page together: what is shown, what people do, what the playground says. */

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Demo } from "./demo.js";
import { draw, h } from "./element.js";
import { Faults } from "./faults.js";
import { Interactions } from "./interactions.js";
import { gist } from "./reference.js";
import { ask, confirm, openModal } from "./modal.js";
import { closeMenu } from "./menu.js";
import { Note } from "./note.js";
import { addressOf } from "./place.js";
import { Sidebar } from "./sidebar.js";
import { Socket } from "./socket.js";
import { Store } from "./store.js";
import { Timeline } from "./timeline.js";
import { tick } from "./timestamps.js";
import { Toolbar } from "./toolbar.js";
import { startTips } from "./tooltip.js";
import { Topbar } from "./topbar.js";

const PERSON = "playground.person";
const PANEL = "playground.plugs";

const narrow = matchMedia("(max-width: 900px)");
const part = (id) => document.getElementById(id);
const store = new Store();
const api = new Api("");
const interactions = new Interactions(api, store, (modal, channel) =>
  openModal(modal, store, (components) => interactions.submit(channel, modal, components)),
);

const acts = {
  component: (message, component, values) => interactions.component(message, component, values),
  dismiss: (message) => (message.local ? store.forget(message.channel_id, message.id) : store.dismiss(message)),
  reply: (message) => composer.reply(message),
  edit: (message) => timeline.edit(message),
  compose: () => composer.focus(),
  insert: (text) => composer.insert(text),
  trouble: (sentence) => composer.say(sentence),
  react: (message, { emoji, me }) =>
    api.react(message.channel_id, message.id, emoji, !me).catch((error) => composer.say(error.message)),
  visit,
  thread: (message) =>
    ask("Create thread", "Thread name", gist(message, store).slice(0, 40), "Create thread", async (name) => {
      const thread = await api.thread(message.channel_id, message.id, name);
      store.apply("THREAD_CREATE", thread);
      visit(thread.id);
    }),
  remove: (message) =>
    confirm("Delete message", "It is gone for everyone.", "Delete", () =>
      api.delete(message.channel_id, message.id),
    ),
  async addHistory() {
    try {
      const { message } = await api.addHistory();
      announce(message);
      composer.fill("!stats here");
    } catch (error) {
      composer.say(error.message);
    }
  },
  async copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      announce(`${what} copied.`);
    } catch {
      composer.say(`${what}: ${text}`);
    }
  },
  async target(command, id) {
    const outcome = await interactions.command(
      store.open,
      { id: command.id, version: command.version, name: command.name, type: command.type, target_id: id },
      command.name,
    );
    if (outcome.refused) composer.say(outcome.reason);
  },
};

const toolbar = new Toolbar(store, acts);
const timeline = new Timeline(part("timeline"), store, api, acts, toolbar);
const composer = new Composer(part("composer"), store, api, interactions, {
  editLast: () => timeline.editLast(),
  sent: () => timeline.bottom(),
});
const sidebar = new Sidebar(part("sidebar"), store, {
  visit,
  speakAs,
  sit: (channel) => api.voice(channel).catch((error) => composer.say(error.message)),
});
const topbar = new Topbar(part("topbar"), store, { sidebar: () => drawer("sidebar"), faults: () => plugs() });
const demo = new Demo(part("demo"), store, api, {
  visit(channel) {
    if (narrow.matches) plugs(false);
    store.visit(channel);
  },
});
new Note(part("note"), store, demo, {
  install: (on) => api.install(on).catch((error) => composer.say(error.message)),
  start: () => api.bot("start").catch((error) => composer.say(error.message)),
});
new Faults(part("faults"), store, api, { trouble: acts.trouble, close: () => plugs(false), demo });

let startsOver = "";
const socket = new Socket(
  (type, data) => {
    if (type === "HELLO") hello(data);
    else if (type === "START_OVER") banner((startsOver = "Starting over…"));
    else if (!interactions.settle(type, data)) store.apply(type, data);
  },
  (state) => {
    if (state === "lost") {
      interactions.abandon();
      store.apply("STATUS", null);
    }
    banner(state === "lost" && (startsOver || "Playground stopped — waiting for it to come back."));
  },
);

function banner(words) {
  draw(part("banner"), words && [h("span", { class: "spinner" }), words]);
  part("banner").hidden = !words;
}

function hello(data) {
  if (startsOver) return location.reload();
  api.speakAs(data.me.id);
  sessionStorage.setItem(PERSON, data.me.id);
  store.open ||= location.hash.slice(1);
  store.hello(data);
  opened();
  timeline.refresh();
  if (focusAfterSwitch) part("sidebar").querySelector("[role=radio][aria-checked=true]")?.focus();
  focusAfterSwitch = false;
  return undefined;
}

let focusAfterSwitch = false;

function speakAs(person, stay = false) {
  focusAfterSwitch = stay;
  interactions.abandon();
  api.hold();
  socket.open(person);
}

function visit(id) {
  drawer(null);
  store.visit(id);
  composer.focus();
}

function opened() {
  const channel = store.channel(store.open);
  history.replaceState(null, "", `#${channel.id}`);
  composer.visit(channel);
  titled();
}

function titled() {
  const channel = store.channel(store.open);
  const mentions = [...store.unread.values()].reduce((sum, { mentions: count }) => sum + count, 0);
  if (channel)
    document.title = `${mentions ? `(${mentions}) ` : ""}${addressOf(channel, store)} · Playground`;
}

/** Say something to people who listen rather than look. */
function announce(words) {
  part("announcer").textContent = words;
}

/** On narrow windows the sides are drawers; opening one closes the other. */
function drawer(which) {
  const open = which && document.body.dataset.drawer !== which ? which : "";
  document.body.dataset.drawer = open;
  part("scrim").hidden = !open;
  if (open) part(open).querySelector("a, button")?.focus();
}

function plugs(open = part("faults").hidden) {
  part("faults").hidden = !open;
  topbar.state.setAttribute("aria-expanded", String(open));
  localStorage.setItem(PANEL, open ? "open" : "");
  if (narrow.matches) drawer(open ? "faults" : null);
  if (!open) topbar.state.focus();
}

store.addEventListener("open", opened);
store.addEventListener("channels", titled);
store.addEventListener("arrived", ({ detail: message }) => {
  if (message.channel_id === store.open && message.author.id !== store.me.id)
    announce(`${store.nameOf(message.author)}: ${gist(message, store)}`);
});

part("scrim").addEventListener("click", () =>
  document.body.dataset.drawer === "faults" ? plugs(false) : drawer(null),
);
addEventListener("online", () => socket.hurry());
addEventListener("focus", () => store.unread.has(store.open) && store.visit(store.open));

document.addEventListener("click", ({ target }) => {
  const node = target.closest?.("[data-user], [data-channel], [data-jump], [data-command], [data-fill]");
  if (!node || node.closest(".picker")) return;
  const { user, channel, jump, command, fill } = node.dataset;
  if (user && store.user(user)) toolbar.userMenu(store.user(user), node);
  else if (channel && store.channel(channel)) visit(channel);
  else if (jump) timeline.jumpTo(jump);
  else if (command) composer.fill(`/${command}`);
  else if (fill) composer.fill(fill);
});

document.addEventListener("contextmenu", (event) => {
  const node = event.target.closest("li.message[data-message-id]");
  if (!node || event.target.closest("a, img, textarea, input") || String(getSelection())) return;
  const message = store.room(store.open).messages.get(node.dataset.messageId);
  if (!message) return;
  event.preventDefault();
  toolbar.menu(message, { x: event.clientX, y: event.clientY });
});

document.addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    sidebar.step(event.key === "ArrowUp" ? -1 : 1);
  } else if (event.key === "Escape" && document.body.dataset.drawer) {
    if (document.body.dataset.drawer === "faults") plugs(false);
    else drawer(null);
  } else if (event.key === "Escape" && !event.target.matches?.("textarea, input")) {
    closeMenu();
    timeline.bottom();
    composer.focus();
  } else if (
    event.key.length === 1 &&
    event.key !== " " &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !event.target.closest?.("input, textarea, dialog, [role=menu], [role=combobox]")
  )
    composer.focus();
});

startTips();
tick();
if (localStorage.getItem(PANEL) && !narrow.matches) plugs(true);
socket.open(sessionStorage.getItem(PERSON));
