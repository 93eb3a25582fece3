/** Who is typing in the open channel, and telling the others that this person is. */

import { h, refill } from "./element.js";

const TELL_EVERY = 8000;

export class Typing {
  constructor(store, api) {
    Object.assign(this, { store, api });
    this.told = 0;
    this.names = "";
    this.node = h("div", { class: "typing", role: "status", dataset: { testid: "typing" } });
    store.addEventListener("typing", () => this.render());
    store.addEventListener("open", () => this.render());
    setInterval(() => this.render(), 1000);
  }

  /** Say that this person is typing, but not with every letter. */
  tell(channel) {
    const now = Date.now();
    if (now - this.told < TELL_EVERY) return;
    this.told = now;
    this.api.typing(channel).catch(() => this.sent());
  }

  /** What was typed is sent; the next letter is worth telling again. */
  sent() {
    this.told = 0;
  }

  render() {
    const now = Date.now();
    const users = [...(this.store.typing.get(this.store.open) ?? [])]
      .filter(([, until]) => until > now)
      .map(([id]) => this.store.user(id))
      .filter(Boolean);
    const names = users.map((user) => this.store.nameOf(user)).join(", ");
    if (this.names === names) return;
    this.names = names;
    refill(
      this.node,
      names && [
        h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
        h("strong", {}, names),
        users.length > 1 ? " are typing…" : " is typing…",
      ],
    );
  }
}
