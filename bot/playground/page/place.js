/** A place to talk: what it is called, what it looks like, and whether the bot is there. */

/** A server without the bot, or people among themselves: where the bot comes only with a person who has it. */
export function away(channel, store) {
  return channel.guild_id ? channel.guild_id !== store.guild.id : channel.id !== store.dm?.id;
}

export function iconOf(channel, store) {
  if (channel.type === 2) return "speaker";
  if (channel.type === 1 || channel.type === 3) return away(channel, store) ? "people" : "person";
  return channel.type >= 10 ? "thread" : "hash";
}

export function titleOf(channel, store) {
  if (channel.name) return channel.name;
  return channel.id === store.dm?.id ? store.nameOf(store.bot) : others(channel, store);
}

/** The title with the sign that goes before it, as one writes to the place. */
export function addressOf(channel, store) {
  const sign = channel.guild_id ? "#" : channel.type === 1 ? "@" : "";
  return `${sign}${titleOf(channel, store)}`;
}

/** The name of the server that a place elsewhere is in; nothing for people among themselves. */
export function serverOf(channel, store) {
  return store.guilds.find((guild) => guild.id === channel.guild_id)?.name;
}

/** Whom one talks to where people are among themselves. */
export function others(channel, store) {
  return (channel.recipients ?? [])
    .filter((user) => user.id !== store.me.id)
    .map((user) => store.nameOf(user))
    .join(", ");
}
