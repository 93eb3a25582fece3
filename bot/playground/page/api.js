/** What a person can ask of the playground over HTTP. */

/** A refusal, with a sentence for the person. */
class Refused extends Error {
  constructor(status, body) {
    super(sentence(status, body));
    this.status = status;
    this.code = body?.code;
  }
}

function sentence(status, body) {
  const details = flatten(body?.errors);
  if (details.length) return details.join(" ");
  return body?.message ?? (status ? `The playground answered ${status}.` : "The playground can't be reached.");
}

function flatten(errors) {
  if (!errors || typeof errors !== "object") return [];
  if (Array.isArray(errors._errors)) return errors._errors.map((error) => error.message);
  return Object.values(errors).flatMap(flatten);
}

/** The playground's HTTP surface, spoken as one person. */
export class Api {
  #settle = null;

  constructor(person) {
    this.person = person;
    this.settled = Promise.resolve();
  }

  /** Let what is asked from now on wait for `speakAs`: a press just after a switch is the new person's. */
  hold() {
    if (this.#settle) return;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  speakAs(person) {
    this.person = person;
    this.#settle?.();
    this.#settle = null;
  }

  async call(method, path, body) {
    await this.settled;
    const headers = { "X-Person": this.person };
    if (body !== undefined && !(body instanceof FormData)) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(`/play${path}`, { method, headers, body });
    } catch {
      throw new Refused(0, null);
    }
    const text = await response.text();
    let answer = null;
    try {
      answer = text ? JSON.parse(text) : null;
    } catch {
      answer = null;
    }
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }

  messages(channel, before) {
    return this.call("GET", `/channels/${channel}/messages?limit=50${before ? `&before=${before}` : ""}`);
  }

  /** Post a message; files make it a multipart form. */
  say(channel, payload, files = []) {
    const path = `/channels/${channel}/messages`;
    if (!files.length) return this.call("POST", path, payload);
    const form = new FormData();
    form.append("payload_json", JSON.stringify(payload));
    files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
    return this.call("POST", path, form);
  }

  edit(channel, message, content) {
    return this.call("PATCH", `/channels/${channel}/messages/${message}`, { content });
  }

  delete(channel, message) {
    return this.call("DELETE", `/channels/${channel}/messages/${message}`);
  }

  thread(channel, message, name) {
    return this.call("POST", `/channels/${channel}/messages/${message}/threads`, { name });
  }

  /** Add one's reaction to those of a message, or take it back. */
  react(channel, message, emoji, on) {
    const name = encodeURIComponent(emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);
    return this.call(on ? "PUT" : "DELETE", `/channels/${channel}/messages/${message}/reactions/${name}`);
  }

  typing(channel) {
    return this.call("POST", `/channels/${channel}/typing`);
  }

  /** Sit down in a voice channel; null leaves voice. */
  voice(channel) {
    return this.call("POST", "/voice", { channel_id: channel });
  }

  interact(body) {
    return this.call("POST", "/interactions", body);
  }

  faults(patch) {
    return this.call("POST", "/faults", patch);
  }

  dropGateway(resumable) {
    return this.call("POST", "/gateway/drop", { resumable });
  }

  bot(order) {
    return this.call("POST", "/bot", { do: order });
  }

  /** Let the bot's own command put a month of made-up focus into one's history. */
  addHistory() {
    return this.call("POST", "/history");
  }

  /** Empty the playground and begin anew. */
  startOver() {
    return this.call("POST", "/start-over");
  }

  blockDms(blocked) {
    return this.call("POST", `/people/${this.person}`, { dm_blocked: blocked });
  }

  /** Put the bot on one's account, or take it off. */
  install(installed) {
    return this.call("POST", `/people/${this.person}`, { installed });
  }
}
