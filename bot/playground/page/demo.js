/** The promise, shown in ten seconds: a timer is started, the bot killed and brought back, and the timer is said. */

import { draw, h } from "./element.js";
import { icon } from "./icons.js";

const SECONDS = 5;
const GLANCE = 1200; // milliseconds, to look at what has just happened
const STEPS = ["Start tea", "Kill me", "Tea runs out", "Bring me back", "POMODORO!"];

/**
 * `step` is the one under way, -1 before the first and `STEPS.length` after the last. Emits `change`.
 * It acts as the person at the page: `visit(channel)` shows them where.
 */
export class Demo extends EventTarget {
  constructor(root, store, api, { visit }) {
    super();
    Object.assign(this, { root, store, api, visit });
    this.step = -1;
    this.words = "";
    this.turn = null;
  }

  get running() {
    return this.turn !== null;
  }

  async run() {
    const turn = (this.turn = new AbortController());
    try {
      await this.#steps(turn.signal);
    } catch (error) {
      if (!turn.signal.aborted) this.#show(this.step, `That didn't work: ${error.message}`);
    } finally {
      if (this.turn === turn) this.turn = null;
      this.#show(this.step, this.words);
    }
  }

  async #steps(signal) {
    const { store, api } = this;
    const name = store.nameOf(store.bot);
    const channel = [...store.channels.values()].find(
      ({ type, guild_id: guild }) => !type && guild === store.guild.id,
    );
    const text = `!pomodoro tea ${SECONDS}`;
    const botMessage = (test) =>
      this.#until("arrived", signal, (message) => message?.author.id === store.bot.id && test(message) && message);
    this.visit(channel.id);
    if (!store.status.bot_connected) {
      this.#show(0, `Waiting for ${name}.`);
      await api.bot("start");
      await this.#until("status", signal, () => store.status?.bot_connected);
    }
    this.#show(0, `You ask for a timer of ${SECONDS} seconds.`);
    const answered = botMessage((message) => message.referenced_message?.content === text);
    await api.say(channel.id, { content: text });
    await answered;
    const due = Date.now() + SECONDS * 1000;
    await pause(GLANCE, signal);
    const announced = botMessage((message) => message.content.startsWith("POMODORO! tea"));
    this.#show(1, `${name} has said yes. Now it is killed, without a warning (SIGKILL).`);
    await api.bot("kill");
    await pause(GLANCE, signal);
    this.#show(2, `${name} is dead, and nobody counts. Tea runs out all the same.`);
    await pause(due - Date.now(), signal);
    this.#show(3, "It is started again, and looks up in its database what it owes.");
    await api.bot("start");
    const late = Math.max(1, Math.round((Date.parse((await announced).timestamp) - due) / 1000));
    this.#show(
      STEPS.length,
      `${name} was dead when tea was due, and said it as soon as it was back: once, ${late} s late.`,
    );
  }

  /** Wait until an event of the store brings what is looked for. */
  #until(type, signal, look) {
    return new Promise((resolve, reject) => {
      const hear = (event) => {
        const result = look(event?.detail);
        if (!result) return;
        this.store.removeEventListener(type, hear);
        resolve(result);
      };
      this.store.addEventListener(type, hear, { signal });
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      hear();
    });
  }

  /** Leave it, and the bot as it was: running. */
  close() {
    if (this.running && this.store.status?.bot === "stopped") this.api.bot("start").catch(() => {});
    this.turn?.abort();
    this.turn = null;
    this.#show(-1, "");
  }

  #show(step, words) {
    Object.assign(this, { step, words });
    this.root.hidden = step < 0;
    draw(
      this.root,
      h(
        "ol",
        {},
        STEPS.map((label, index) => {
          const state = index < step ? "done" : index > step ? "to-come" : this.running ? "now" : "failed";
          return h(
            "li",
            { dataset: { state }, "aria-current": state === "now" ? "step" : undefined },
            h("span", { class: "demo-tick" }, state === "done" && icon("check")),
            h("span", { class: "demo-label" }, label),
          );
        }),
      ),
      h("p", { role: "status" }, words),
      h(
        "button",
        { class: "tool", type: "button", "aria-label": "Close", onclick: () => this.close() },
        icon("close"),
      ),
    );
    this.dispatchEvent(new Event("change"));
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
