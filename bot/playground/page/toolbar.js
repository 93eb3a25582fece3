/** What can be done with a message: the small bar on the one in hand, and its menu. */

import { avatar } from "./avatar.js";
import { targeted } from "./commands.js";
import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

const EPHEMERAL = 64;

/** One bar for the whole timeline; `hold` moves it to a message. */
export class Toolbar {
  constructor(store, acts) {
    Object.assign(this, { store, acts });
    this.node = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" });
    this.message = null;
  }

  hold(element, message) {
    if (this.message === message && this.node.parentElement === element) return;
    this.message = message;
    refill(
      this.node,
      this.#actions(message)
        .filter((action) => action.bar)
        .map((action) =>
          h(
            "button",
            {
              class: action.danger ? "tool danger" : "tool",
              type: "button",
              "aria-label": action.label,
              dataset: { tip: action.label },
              onclick: action.act,
            },
            icon(action.icon),
          ),
        ),
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-label": "More",
          "aria-haspopup": "menu",
          dataset: { tip: "More" },
          onclick: (event) => this.menu(message, event.currentTarget),
        },
        icon("more"),
      ),
    );
    element.append(this.node);
    // a message that begins above the window's edge gets its bar where it can be seen
    const hidden = element.closest(".scroller").getBoundingClientRect().top - element.getBoundingClientRect().top;
    this.node.style.top = `${Math.max(-18, hidden + 4)}px`;
  }

  release() {
    this.message = null;
    this.node.remove();
  }

  #actions(message) {
    const { store, acts } = this;
    const hidden = message.flags & EPHEMERAL;
    const own = message.author.id === store.me.id && !message.webhook_id;
    const place = store.channel(message.channel_id);
    return [
      !hidden && { label: "Reply", icon: "reply", bar: true, act: () => acts.reply(message) },
      own && message.type !== 18 && { label: "Edit", icon: "pencil", bar: true, act: () => acts.edit(message) },
      !hidden &&
        place?.type === 0 &&
        !message.thread && { label: "Create thread", icon: "thread", bar: true, act: () => acts.thread(message) },
      !hidden &&
        store.mayDelete(message) && {
          label: "Delete",
          icon: "bin",
          danger: true,
          bar: own,
          act: () => acts.remove(message),
        },
    ].filter(Boolean);
  }

  /** Everything that can be done with a message, its apps' commands included. */
  menu(message, at) {
    // as in Discord, a message that only its reader sees is nothing to hand to an app
    const apps = message.flags & EPHEMERAL ? [] : targeted(this.store, 3, message.channel_id);
    const actions = this.#actions(message);
    openMenu(at, "Message", [
      ...actions.filter((action) => !action.danger),
      message.content && { label: "Copy text", icon: "copy", act: () => this.acts.copy(message.content, "Text") },
      { label: "Copy message ID", icon: "copy", act: () => this.acts.copy(message.id, "Message ID") },
      ...actions.filter((action) => action.danger),
      this.#apps(apps, message.id),
    ]);
  }

  /** What can be done with a person. */
  userMenu(user, at) {
    const apps = targeted(this.store, 2, this.store.open);
    const name = this.store.nameOf(user);
    openMenu(at, name, [
      {
        heading: name,
        items: [
          { label: "Mention", icon: "at", act: () => this.acts.insert(`@${name} `) },
          user.id === this.store.bot.id &&
            this.store.dm && { label: "Message", icon: "person", act: () => this.acts.visit(this.store.dm.id) },
          { label: "Copy user ID", icon: "copy", act: () => this.acts.copy(user.id, "User ID") },
        ].filter(Boolean),
      },
      this.#apps(apps, user.id),
    ]);
  }

  /** The bot's commands on a message or a person, each with its face. */
  #apps(commands, id) {
    const items = commands.map((command) => ({
      label: command.name,
      face: avatar(this.store.bot, this.store, "tiny"),
      act: () => this.acts.target(command, id),
    }));
    return items.length > 0 && { heading: "Apps", items };
  }
}
