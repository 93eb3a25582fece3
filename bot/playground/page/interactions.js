/** A person's interactions with the bot, each matched to what came of it by its nonce. */

const PATIENCE = 8000;
let last = 0n;

/** A fresh snowflake of this page's own making, as Discord's clients use for nonces. */
export function nonce() {
  const now = BigInt(Date.now() - 1_420_070_400_000) << 22n;
  last = now > last ? now : last + 1n;
  return String(last);
}

/** Sends interactions and settles each with its result. */
export class Interactions {
  constructor(api, store, onmodal) {
    this.api = api;
    this.store = store;
    this.onmodal = onmodal;
    this.waiting = new Map();
  }

  /** The frames that answer an interaction; true when the frame was one. */
  settle(type, d) {
    if (!["INTERACTION_SUCCESS", "INTERACTION_FAILURE", "INTERACTION_MODAL", "AUTOCOMPLETE"].includes(type))
      return false;
    const waiting = this.waiting.get(d.nonce);
    this.waiting.delete(d.nonce);
    if (type === "INTERACTION_MODAL") this.onmodal(d, waiting?.channel ?? this.store.open);
    waiting?.done({ kind: type, ...d });
    return true;
  }

  /** Nothing that was under way will be answered any more. */
  abandon() {
    for (const [key, waiting] of this.waiting)
      waiting.done({ kind: "INTERACTION_FAILURE", nonce: key, reason: "The playground went away." });
    this.waiting.clear();
  }

  /** Send one interaction and wait for its outcome: a frame's data with `kind`, or a failure with a `reason`. */
  async send(body) {
    const key = body.nonce ?? nonce();
    const outcome = new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve({ kind: "INTERACTION_FAILURE", nonce: key, reason: "No answer came." }),
        PATIENCE,
      );
      this.waiting.set(key, {
        channel: body.channel_id,
        done: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
      });
    });
    try {
      await this.api.interact({ ...body, nonce: key });
    } catch (error) {
      const waiting = this.waiting.get(key);
      this.waiting.delete(key);
      waiting?.done({ kind: "INTERACTION_FAILURE", nonce: key, reason: error.message, refused: true });
    }
    return outcome;
  }

  /** Press a button or choose from a select; the message shows a spinner until it is answered. */
  async component(message, component, values) {
    const { channel_id: channel, id } = message;
    if (this.store.marks.get(id)?.pending) return;
    this.store.mark(channel, id, { pending: component.custom_id });
    const outcome = await this.send({
      type: 3,
      channel_id: channel,
      message_id: id,
      data: { component_type: component.type, custom_id: component.custom_id, ...(values && { values }) },
    });
    const failed =
      outcome.kind === "INTERACTION_FAILURE" ? { failed: component.custom_id, reason: outcome.reason } : null;
    this.store.mark(channel, id, failed);
  }

  /** Run a command; while it is under way, and if it fails, the person who ran it sees a line saying so. */
  async command(channel, data, words) {
    const key = nonce();
    const line = {
      id: key,
      channel_id: channel,
      local: true,
      state: "sending",
      words,
      author: this.store.me,
      timestamp: new Date().toISOString(),
    };
    this.store.room(channel).messages.set(key, line);
    this.store.emit("messages", { channel });
    const outcome = await this.send({ type: 2, nonce: key, channel_id: channel, data });
    if (outcome.kind !== "INTERACTION_FAILURE" || outcome.refused) this.store.forget(channel, key);
    else {
      this.store.room(channel).messages.set(key, { ...line, state: "failed", reason: outcome.reason });
      this.store.emit("messages", { channel });
    }
    return outcome;
  }

  /** The choices an autocompleted option offers for what has been typed. */
  async autocomplete(channel, data) {
    const outcome = await this.send({ type: 4, channel_id: channel, data });
    if (outcome.kind === "AUTOCOMPLETE") return outcome.choices;
    throw new Error("Loading options failed.");
  }

  submit(channel, modal, components) {
    return this.send({
      type: 5,
      channel_id: channel,
      data: { id: modal.id, custom_id: modal.custom_id, components },
    });
  }
}
