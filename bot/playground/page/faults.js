/** The panel to pull plugs: see the bot bear it, or break Discord in the ways it breaks. */

import { draw, h } from "./element.js";
import { icon } from "./icons.js";
import { confirm } from "./modal.js";
import { button, group, plug, toggle } from "./plug.js";
import { botState } from "./topbar.js";

const ANSWERS = [
  ["", "As it should", "No trouble."],
  ["500", "500 Internal error", "Discord fails; nothing is done, and clients try again."],
  ["503", "503 Unavailable", "Discord is overloaded; many clients give up at once."],
  ["429", "429 Too many requests", "A rate limit, with the time to wait."],
  ["drop", "Cut the line", "The connection ends before anything is done."],
  ["lost", "Lose the answer", "It is done, but the bot never hears so."],
  ["hang", "Say nothing", "The connection stays open and silent."],
];

/** Draws `store.status`, with `hoped` over it: what a hand has just turned, until the playground has answered. */
export class Faults {
  constructor(root, store, api, { trouble, close, demo }) {
    Object.assign(this, { root, store, api, trouble, close, demo });
    this.hoped = {};
    this.times = "";
    this.advanced = false;
    this.history = "";
    for (const type of ["status", "hello", "people"]) store.addEventListener(type, () => this.render());
    demo.addEventListener("change", () => this.render());
  }

  /** Do something; `hoped` is how the switches will stand once it is done. */
  async #do(act, hoped = {}) {
    const { people } = this.store;
    Object.assign(this.hoped, hoped);
    this.render();
    try {
      const answer = await act();
      if (answer?.requests) this.store.apply("STATUS", answer);
      if (answer?.username && this.store.people === people) this.store.apply("PERSON_UPDATE", answer);
      return answer;
    } catch (error) {
      this.trouble(error.message);
      return null;
    } finally {
      for (const key of Object.keys(hoped)) delete this.hoped[key];
      this.render();
    }
  }

  #turn(patch) {
    return this.#do(() => this.api.faults(patch), patch);
  }

  #rest(rest) {
    return this.#turn({ rest: rest || null, rest_times: rest ? Number.parseInt(this.times, 10) || null : null });
  }

  async #addHistory() {
    this.history = (await this.#do(() => this.api.addHistory()))?.message ?? "";
    this.render();
  }

  render() {
    const { status, me, people } = this.store;
    if (!status) return;
    const person = people.find((user) => user.id === me.id);
    const now = { ...status.faults, dm_blocked: Boolean(person?.dm_blocked), ...this.hoped };
    draw(
      this.root,
      h(
        "header",
        {},
        h("h2", {}, "Pull plugs"),
        h(
          "button",
          { class: "tool", type: "button", "aria-label": "Close this panel", onclick: this.close },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "faults-body" },
        this.#demo(status),
        this.#yours(status),
        h(
          "details",
          { class: "advanced", open: this.advanced },
          h(
            "summary",
            { dataset: { testid: "advanced" }, onclick: (event) => this.#fold(event) },
            "Advanced",
            h("small", {}, "break things one by one"),
          ),
          facts(status),
          this.#process(status),
          this.#gateway(now),
          this.#requests(now),
          this.#permissions(now),
        ),
      ),
    );
  }

  #fold(event) {
    event.preventDefault();
    this.advanced = !this.advanced;
    this.render();
  }

  #demo(status) {
    const name = this.store.nameOf(this.store.bot);
    const { words, colour } = botState(status);
    return h(
      "section",
      { class: "demo", "aria-label": "See it keep its promise" },
      h(
        "p",
        { class: "demo-state" },
        h("span", { class: "lamp", dataset: { state: colour } }),
        h("span", {}, `${name} is `, h("b", { dataset: { testid: "status-bot" } }, words)),
        status.bot === "stopped" &&
          !this.demo.running &&
          button("Start it", "secondary", () => this.#do(() => this.api.bot("start")), "start-it"),
      ),
      h(
        "button",
        {
          class: "button primary",
          type: "button",
          disabled: status.bot === "unmanaged" || this.demo.running,
          dataset: { testid: "demo" },
          onclick: () => this.demo.run(),
        },
        "Start tea, kill me, bring me back",
      ),
      h("p", { class: "small" }, "Ten seconds that show what it promises: what it has said yes to, it does."),
    );
  }

  #yours(status) {
    const unmanaged = status.bot === "unmanaged";
    return group(
      "This playground",
      plug(
        "A month of sample history",
        this.history || `For ${this.store.nameOf(this.store.me)}, so that there is something in !stats here.`,
        button("Add", "secondary", () => this.#addHistory(), "history", unmanaged),
      ),
      plug(
        "Start over",
        "Empties this Discord and the bot's memory.",
        button("Start over", "secondary", () => this.#startOver(), "start-over", unmanaged),
      ),
    );
  }

  #startOver() {
    const words = "All that was said, every timer, and the sample history are gone. The bot starts anew.";
    confirm("Start over", words, "Start over", () => this.api.startOver());
  }

  #process({ bot }) {
    const order = (name, title, words, kind = "secondary") =>
      plug(
        title,
        words,
        button(
          title,
          kind,
          () => this.#do(() => this.api.bot(name)),
          `bot-${name}`,
          bot === "unmanaged" || (name === "start") !== (bot === "stopped"),
        ),
      );
    return group(
      "The bot's process",
      order("kill", "Kill", "Ends it in mid-sentence, as a power cut does (SIGKILL).", "danger"),
      order("stop", "Stop", "Asks it to end, as a deploy does (SIGTERM)."),
      order("start", "Start", "Brings it back, with what it has in its database."),
    );
  }

  #gateway(now) {
    return group(
      "The line that tells it what happens (gateway)",
      plug(
        "Drop",
        "Cuts it. The bot comes back and hears what it missed.",
        button("Drop", "secondary", () => this.#do(() => this.api.dropGateway(true)), "gateway-drop"),
      ),
      plug(
        "Cut off",
        "Cuts it, and Discord forgets what the bot missed.",
        button("Cut off", "secondary", () => this.#do(() => this.api.dropGateway(false)), "gateway-drop-for-good"),
      ),
      this.#switch(now, "gateway_down", "Stays down", "Nobody can connect until this is off."),
      this.#switch(now, "refuse_resume", "Refuse to resume", "Whoever comes back has to begin anew."),
    );
  }

  #requests(now) {
    const rest = now.rest ?? "";
    const typing = document.activeElement?.dataset.testid === "rest-times";
    return group(
      "How Discord answers its requests (REST API)",
      h(
        "div",
        { class: "answers", role: "radiogroup", "aria-label": "How Discord answers" },
        ANSWERS.map(([value, label, words]) =>
          h(
            "label",
            { class: "answer" },
            h("input", {
              type: "radio",
              name: "rest",
              value,
              checked: value === rest,
              dataset: { testid: `rest-${value || "fine"}` },
              onchange: () => this.#rest(value),
            }),
            h("span", {}, label, h("small", {}, words)),
          ),
        ),
      ),
      plug(
        "For the next … requests",
        "Empty: until it answers as it should again.",
        h("input", {
          class: "field-input times",
          type: "number",
          min: "1",
          max: "999",
          placeholder: "∞",
          value: rest && !typing ? String(now.rest_times ?? "") : this.times,
          "aria-label": "How many requests",
          dataset: { testid: "rest-times" },
          oninput: (event) => {
            this.times = event.target.value;
          },
          onchange: () => rest && this.#rest(rest),
        }),
      ),
    );
  }

  #permissions(now) {
    const block = (on) => this.#do(() => this.api.blockDms(on), { dm_blocked: on });
    return group(
      "What it may do",
      this.#switch(
        now,
        "message_content",
        "Message Content",
        "The switch in Discord's portal. Off, it reads only direct messages and mentions.",
      ),
      toggle(
        "Block the bot's DMs",
        `${this.store.nameOf(this.store.me)} takes no direct messages from it.`,
        now.dm_blocked,
        block,
        "dm-blocked",
      ),
    );
  }

  #switch(now, key, label, words) {
    const testid = `fault-${key.replaceAll("_", "-")}`;
    return toggle(label, words, Boolean(now[key]), (on) => this.#turn({ [key]: on }), testid);
  }
}

function facts({ bot, requests }) {
  const fact = (term, value, testid) =>
    h("div", {}, h("dt", {}, term), h("dd", { dataset: { testid: `status-${testid}` } }, String(value)));
  return h(
    "dl",
    { class: "facts", dataset: { testid: "status" } },
    fact("Process", bot === "unmanaged" ? "started elsewhere" : bot, "process"),
    fact("Requests", requests.sent, "sent"),
    fact("Rate limited", requests.rate_limited, "rate-limited"),
    fact("In the last second", requests.last_second, "last-second"),
  );
}
