/** What the page knows: people, channels, messages, what is unread. It changes by frames from the playground only. */

const EPHEMERAL = 64;
const MANAGE_MESSAGES = 1n << 13n;
const ADMINISTRATOR = 1n << 3n;

/** Snowflakes in the order of their making. */
export function older(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

/** State with events: `hello`, `messages`, `channels`, `people`, `typing`, `status`, `commands`, `open`, `arrived`. */
export class Store extends EventTarget {
  constructor() {
    super();
    this.me = null;
    this.people = [];
    this.bot = null;
    this.guild = { id: "", name: "", roles: [] };
    this.guilds = [];
    this.members = [];
    this.channels = new Map();
    this.seats = new Map();
    this.dm = null;
    this.commands = [];
    this.status = null;
    this.open = "";
    this.rooms = new Map();
    this.unread = new Map();
    this.typing = new Map();
    this.marks = new Map();
    this.dismissed = new Set();
    this.unheard = new Set();
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  hello(d) {
    const same = this.me?.id === d.me.id;
    Object.assign(this, {
      me: d.me,
      people: d.people,
      bot: d.bot,
      guild: d.guild,
      guilds: d.elsewhere.guilds,
      members: d.members,
      dm: d.dm,
      commands: d.commands,
      status: d.status,
    });
    this.channels = new Map(
      [...d.channels, ...d.threads, d.dm, ...d.elsewhere.channels].map((channel) => [channel.id, channel]),
    );
    this.unheard = new Set(d.unheard);
    this.seats = new Map(d.voice_states.map((state) => [state.user_id, state.channel_id]));
    const kept = same ? this.#ephemerals() : [];
    this.rooms.clear();
    this.typing.clear();
    if (!same) {
      this.unread.clear();
      this.marks.clear();
    }
    for (const message of kept) this.room(message.channel_id).messages.set(message.id, message);
    if (!this.channels.has(this.open)) this.open = d.channels.find((channel) => channel.type === 0)?.id ?? "";
    this.emit("hello", { same });
  }

  #ephemerals() {
    const all = [...this.rooms.values()].flatMap((room) => [...room.messages.values()]);
    return all.filter((message) => message.flags & EPHEMERAL);
  }

  /** The messages of a channel that are here, `loaded` once its newest page was read; `early` are changes of others. */
  room(id) {
    const empty = { messages: new Map(), early: new Map(), loaded: false, complete: false };
    if (!this.rooms.has(id)) this.rooms.set(id, empty);
    return this.rooms.get(id);
  }

  /** A channel's messages, oldest first, with what this page alone knows (a command under way) at the end. */
  messages(id) {
    return [...this.room(id).messages.values()].sort(
      (a, b) => Boolean(a.local) - Boolean(b.local) || older(a.id, b.id),
    );
  }

  /** Take in a page of a room's history; what frames have told since is newer. */
  history(id, room, page, limit) {
    if (this.rooms.get(id) !== room) return;
    for (const message of page) {
      const change = room.early.get(message.id);
      if (this.dismissed.has(message.id) || room.messages.has(message.id) || change === null) continue;
      room.messages.set(message.id, { ...message, ...change });
    }
    room.loaded = true;
    room.complete = page.length < limit;
    this.emit("messages", { channel: id });
  }

  /** Let go of all but the newest messages of a channel; the others can be read back. */
  trim(id, count) {
    const room = this.room(id);
    for (const { id: old } of this.messages(id).slice(0, -count)) room.messages.delete(old);
    room.complete = false;
  }

  /** Take in one event of the playground. */
  apply(type, d) {
    switch (type) {
      case "MESSAGE_CREATE":
        return this.#create(d);
      case "MESSAGE_UPDATE":
        return this.#update(d);
      case "MESSAGE_DELETE":
        return this.forget(d.channel_id, d.id);
      case "MESSAGE_DELETE_BULK":
        return d.ids.forEach((id) => this.forget(d.channel_id, id));
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
      case "THREAD_CREATE":
      case "THREAD_UPDATE":
        this.channels.set(d.id, { ...this.channels.get(d.id), ...d });
        return this.emit("channels");
      case "CHANNEL_DELETE":
      case "THREAD_DELETE":
        return this.#close(d.id);
      case "VOICE_STATE_UPDATE":
        this.seats.set(d.user_id, d.channel_id);
        return this.emit("channels");
      case "TYPING_START":
        return this.#types(d);
      case "MESSAGE_REACTION_ADD":
        return this.#react(d, 1);
      case "MESSAGE_REACTION_REMOVE":
        return this.#react(d, -1);
      case "COMMANDS":
        this.commands = d.commands;
        return this.emit("commands");
      case "PERSON_UPDATE":
        this.people = this.people.map((user) => (user.id === d.id ? d : user));
        return this.emit("people");
      case "UNHEARD":
        return this.#miss(new Set(d.ids));
      case "STATUS": // an answer and a frame may overtake each other
        if (d && d.at < this.status?.at) return undefined;
        this.status = d;
        return this.emit("status");
      default:
    }
  }

  #create(message) {
    const room = this.room(message.channel_id);
    const known = room.messages.has(message.id);
    room.messages.set(message.id, message);
    this.typing.get(message.channel_id)?.delete(message.author.id);
    this.emit("typing");
    if (!known) this.#count(message);
    this.emit("messages", { channel: message.channel_id });
    if (!known) this.emit("arrived", message);
  }

  #count(message) {
    const seen = message.channel_id === this.open && document.visibilityState === "visible";
    if (seen || message.author.id === this.me.id || message.flags & EPHEMERAL) return;
    const count = this.unread.get(message.channel_id) ?? { mentions: 0, first: message.id };
    if (this.mentionsMe(message) || !this.channel(message.channel_id)?.guild_id) count.mentions += 1;
    this.unread.set(message.channel_id, count);
    this.emit("channels");
  }

  #update(change) {
    const room = this.room(change.channel_id);
    const known = room.messages.has(change.id) ? room.messages : room.early;
    if (known.get(change.id) === null) return;
    known.set(change.id, { ...known.get(change.id), ...change });
    this.emit("messages", { channel: change.channel_id });
  }

  #close(id) {
    this.channels.delete(id);
    this.rooms.delete(id);
    this.unread.delete(id);
    const first = [...this.channels.values()].find(({ type, guild_id: guild }) => !type && guild === this.guild.id);
    if (this.open === id) this.visit(first?.id);
    this.emit("channels");
  }

  #types({ channel_id: channel, user_id: user }) {
    if (user === this.me.id) return;
    if (!this.typing.has(channel)) this.typing.set(channel, new Map());
    this.typing.get(channel).set(user, Date.now() + 10_000);
    this.emit("typing");
  }

  #react({ channel_id: channel, message_id: id, user_id: user, emoji }, step) {
    const message = this.rooms.get(channel)?.messages.get(id);
    if (!message) return;
    const others = (message.reactions ?? []).map((reaction) => ({ ...reaction }));
    let mine = others.find((reaction) => reaction.emoji.name === emoji.name);
    if (!mine) others.push((mine = { emoji, count: 0, me: false }));
    mine.count += step;
    if (user === this.me.id) mine.me = step > 0;
    this.#update({ id, channel_id: channel, reactions: others.filter((reaction) => reaction.count > 0) });
  }

  /** Note which messages the bot has not heard, and will not: those that have become so, or no longer are, change. */
  #miss(unheard) {
    const before = this.unheard;
    this.unheard = unheard;
    for (const [channel, room] of this.rooms)
      for (const id of room.messages.keys())
        if (before.has(id) !== unheard.has(id)) this.#update({ id, channel_id: channel });
  }

  /** Drop a message from sight. */
  forget(channel, id) {
    const room = this.room(channel);
    room.early.set(id, null);
    if (room.messages.delete(id)) this.emit("messages", { channel });
  }

  /** Put away an ephemeral message for good. */
  dismiss(message) {
    this.dismissed.add(message.id);
    this.forget(message.channel_id, message.id);
  }

  /** Note something of a message that only this page knows: a pressed button, a failure. */
  mark(channel, id, note) {
    const message = this.rooms.get(channel)?.messages.get(id);
    if (note) this.marks.set(id, note);
    else this.marks.delete(id);
    if (message) this.#update({ id, channel_id: channel });
  }

  /** Open a channel; its unread marks are gone after. */
  visit(id) {
    if (!id || !this.channels.has(id)) return;
    const first = this.unread.get(id)?.first;
    this.open = id;
    this.unread.delete(id);
    this.emit("open", { first });
    this.emit("channels");
  }

  channel(id) {
    return this.channels.get(id);
  }

  /** Who sits in a voice channel, by name. */
  seated(channel) {
    const ids = [...this.seats.keys()].filter((id) => this.seats.get(id) === channel);
    return ids.map((id) => this.user(id)).sort((a, b) => this.nameOf(a).localeCompare(this.nameOf(b)));
  }

  /** Whether the person speaking has the bot on their account. */
  get installed() {
    return Boolean(this.people.find((user) => user.id === this.me?.id)?.installed);
  }

  user(id) {
    if (this.bot?.id === id) return this.bot;
    return this.people.find((user) => user.id === id) ?? this.member(id)?.user;
  }

  member(id) {
    return this.members.find((member) => member.user.id === id);
  }

  nameOf(user) {
    return this.member(user.id)?.nick ?? user.global_name ?? user.username;
  }

  role(id) {
    return this.guild.roles.find((role) => role.id === id);
  }

  /** May the person speaking do this in the guild? */
  may(permission) {
    const ids = new Set([this.guild.id, ...(this.member(this.me.id)?.roles ?? [])]);
    let all = 0n;
    for (const role of this.guild.roles) if (ids.has(role.id)) all |= BigInt(role.permissions ?? 0);
    return (all & ADMINISTRATOR) !== 0n || (all & permission) === permission;
  }

  mayDelete(message) {
    const here = this.channel(message.channel_id)?.guild_id === this.guild.id;
    return message.author.id === this.me.id || (here && this.may(MANAGE_MESSAGES));
  }

  /** Whether a message really pings the person speaking, by what the server says of it. */
  mentionsMe(message) {
    if (message.mention_everyone || (message.mentions ?? []).some((user) => user.id === this.me.id)) return true;
    const roles = this.member(this.me.id)?.roles ?? [];
    return (message.mention_roles ?? []).some((role) => roles.includes(role));
  }
}
