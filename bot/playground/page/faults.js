/** The panel to pull plugs: break Discord in the ways it breaks, and watch the bot bear it. */

import { h, refill } from "./element.js";
import { icon } from "./icons.js";
import { botState } from "./topbar.js";

const ANSWERS = [
  ["", "Answers as it should", "No trouble."],
  ["500", "500 Internal error", "Nothing is done; clients try again."],
  ["503", "503 Unavailable", "Nothing is done; many clients give up at once."],
  ["429", "429 Too many requests", "A rate limit, with the wait it asks for."],
  ["drop", "Drops the connection", "Cut before anything is done."],
  ["lost", "Loses the answer", "It is done, but the bot never hears so."],
  ["hang", "Hangs", "The connection stays open and silent."],
];

export class Faults {
  constructor(root, store, api, { trouble, close }) {
    Object.assign(this, { root, store, api, trouble });
    this.blocked = new Map();
    this.pending = 0;
    this.status = h("dl", { class: "facts", dataset: { testid: "status" } });
    this.times = h("input", {
      class: "field-input times",
      type: "number",
      min: "1",
      max: "999",
      placeholder: "∞",
      "aria-label": "How many requests",
      dataset: { testid: "rest-times" },
    });
    this.answers = new Map();
    this.switches = new Map();
    refill(
      root,
      h(
        "header",
        {},
        h("h2", {}, "Pull plugs"),
        h(
          "button",
          { class: "tool", type: "button", "aria-label": "Close this panel", onclick: close },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "faults-body" },
        this.status,
        this.#group(
          "The bot's process",
          this.#button("Start", "Start the bot again.", () => api.bot("start"), "bot-start"),
          this.#button("Stop", "Ask it to end (SIGTERM), as a deploy does.", () => api.bot("stop"), "bot-stop"),
          this.#button("Kill", "End it in mid-sentence (SIGKILL).", () => api.bot("kill"), "bot-kill", true),
        ),
        this.#group(
          "Gateway",
          this.#button("Drop", "Cut the connection; it may resume.", () => api.dropGateway(true), "gateway-drop"),
          this.#button(
            "Cut off",
            "Cut it, and lose the session.",
            () => api.dropGateway(false),
            "gateway-drop-for-good",
          ),
          this.#switch("gateway_down", "Stays down", "Refuse every new connection."),
          this.#switch("refuse_resume", "Refuse to resume", "Each resume gets an invalid session."),
        ),
        this.#group(
          "API",
          h(
            "div",
            { class: "answers", role: "radiogroup", "aria-label": "How the API answers" },
            ANSWERS.map((answer) => this.#answer(answer)),
          ),
          h(
            "label",
            { class: "plug" },
            h(
              "span",
              { class: "plug-words" },
              h("span", {}, "For the next … requests"),
              h("small", {}, "Empty: until it is switched off."),
            ),
            this.times,
          ),
        ),
        this.#group(
          "Permissions",
          this.#switch(
            "message_content",
            "Message Content",
            "The portal's toggle. Off: the bot reads only DMs and mentions.",
          ),
          this.#block(),
        ),
      ),
    );
    this.times.addEventListener("change", () => this.#rest());
    store.addEventListener("status", () => this.render());
    store.addEventListener("hello", () => {
      this.blocked.clear();
      this.render();
    });
  }

  #group(title, ...parts) {
    return h("section", { class: "plugs", "aria-label": title }, h("h3", {}, title), parts);
  }

  async #do(act) {
    this.pending += 1; // a status from before the change must not undo what the hand just did
    try {
      const status = await act();
      if (status?.requests) {
        this.store.status = status;
        this.store.emit("status");
      }
    } catch (error) {
      this.trouble(error.message);
    } finally {
      // A status that was on its way by the socket may be older than this answer; soon none is.
      setTimeout(() => {
        this.pending -= 1;
        this.render();
      }, 400);
    }
  }

  #button(label, words, act, testid, danger = false) {
    return h(
      "div",
      { class: "plug" },
      h("span", { class: "plug-words" }, h("small", {}, words)),
      h(
        "button",
        {
          class: `button small ${danger ? "danger" : "secondary"}`,
          type: "button",
          dataset: { testid },
          onclick: () => this.#do(act),
        },
        label,
      ),
    );
  }

  #switch(key, label, words) {
    const input = this.#toggle(
      label,
      (on) => this.#do(() => this.api.faults({ [key]: on })),
      `fault-${key.replaceAll("_", "-")}`,
    );
    this.switches.set(key, input);
    return h(
      "label",
      { class: "plug" },
      h("span", { class: "plug-words" }, h("span", {}, label), h("small", {}, words)),
      input,
    );
  }

  #toggle(label, act, testid) {
    return h("input", {
      class: "toggle",
      type: "checkbox",
      role: "switch",
      "aria-label": label,
      dataset: { testid },
      onchange: (event) => act(event.target.checked),
    });
  }

  #block() {
    this.blockWords = h("span", {}, "Block the bot's DMs");
    this.blockInput = this.#toggle(
      "Block the bot's DMs",
      (on) => {
        this.blocked.set(this.store.me.id, on);
        this.#do(() => this.api.blockDms(on));
      },
      "dm-blocked",
    );
    return h(
      "label",
      { class: "plug" },
      h(
        "span",
        { class: "plug-words" },
        this.blockWords,
        h("small", {}, "Its messages to this person are refused."),
      ),
      this.blockInput,
    );
  }

  #answer([value, label, words]) {
    const input = h("input", {
      type: "radio",
      name: "rest",
      value,
      dataset: { testid: `rest-${value || "fine"}` },
      onchange: () => this.#rest(),
    });
    this.answers.set(value, input);
    return h("label", { class: "answer" }, input, h("span", {}, label, h("small", {}, words)));
  }

  #rest() {
    const value = [...this.answers].find(([, input]) => input.checked)?.[0] ?? "";
    const times = value ? Number.parseInt(this.times.value, 10) || null : null;
    return this.#do(() => this.api.faults({ rest: value || null, rest_times: times }));
  }

  render() {
    const { status } = this.store;
    if (!status || this.pending) return;
    const { faults, requests } = status;
    for (const [key, input] of this.switches) input.checked = Boolean(faults[key]);
    this.answers.get(faults.rest ?? "").checked = true;
    if (document.activeElement !== this.times) this.times.value = faults.rest_times ?? "";
    this.blockInput.checked = this.#isBlocked();
    this.blockWords.textContent = `Block the bot's DMs to ${this.store.nameOf(this.store.me)}`;
    for (const order of ["start", "stop", "kill"]) {
      const button = this.root.querySelector(`[data-testid="bot-${order}"]`);
      button.disabled = status.bot === "unmanaged" || (order === "start") !== (status.bot === "stopped");
    }
    const { words, colour } = botState(status);
    refill(
      this.status,
      fact("Bot", [h("span", { class: "lamp", dataset: { state: colour } }), words], "bot"),
      fact("Process", { unmanaged: "started elsewhere" }[status.bot] ?? status.bot, "process"),
      fact("Requests", requests.sent, "sent"),
      fact("Rate limited", requests.rate_limited, "rate-limited"),
      fact("Last second", requests.last_second, "last-second"),
    );
  }

  #isBlocked() {
    const { me, people } = this.store;
    return this.blocked.get(me.id) ?? Boolean(people.find((user) => user.id === me.id)?.dm_blocked);
  }
}

function fact(term, value, testid) {
  return h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", { dataset: { testid: `status-${testid}` } }, typeof value === "number" ? String(value) : value),
  );
}
