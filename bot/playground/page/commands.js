/** The bot's commands as a person meets them: found by name, filled with options, put into an interaction's data. */

import { away } from "./place.js";

const SUBCOMMAND = 1;
const GROUP = 2;
const IN_GUILD = 0;
const IN_BOT_DM = 1;
const IN_PRIVATE = 2;
const BY_GUILD = 0;
const BY_USER = 1;

/** Commands of a type (1 slash, 2 on users, 3 on messages) that may be used by this person in this channel. */
export function targeted(store, type, channel) {
  const place = store.channel(channel);
  const visit = away(place, store);
  const context = place.guild_id ? IN_GUILD : visit ? IN_PRIVATE : IN_BOT_DM;
  return store.commands.filter((command) => {
    if ((command.type ?? 1) !== type || !contexts(command).includes(context)) return false;
    if (command.guild_id && command.guild_id !== place.guild_id) return false;
    const by = command.integration_types;
    if (!(by.includes(BY_GUILD) && !visit) && !(by.includes(BY_USER) && store.installed)) return false;
    const needed = command.default_member_permissions;
    if (needed === null || needed === undefined || context !== IN_GUILD) return true;
    return !visit && store.may(BigInt(needed));
  });
}

function contexts(command) {
  if (command.guild_id || (!command.contexts && command.dm_permission === false)) return [IN_GUILD];
  return command.contexts ?? [IN_GUILD, IN_BOT_DM, IN_PRIVATE];
}

/** Every slash command that can be run, sub-commands each by their own: `{ command, path, name, description, options }`. */
export function runnable(store, channel) {
  return targeted(store, 1, channel).flatMap((command) => unfold(command, command, [command.name]));
}

function unfold(command, node, path) {
  const inner = (node.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  if (inner.length) return inner.flatMap((option) => unfold(command, option, [...path, option.name]));
  return [{ command, path, name: path.join(" "), description: node.description, options: node.options ?? [] }];
}

/** Those that fit what was typed after the slash, the best first. */
export function matching(all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const start = words.join(" ");
  const score = (entry) => {
    const name = entry.name.toLowerCase();
    if (name.startsWith(start)) return 0;
    return words.every((word) => name.includes(word)) ? 1 : 2;
  };
  return all
    .map((entry) => [score(entry), entry])
    .filter(([rank]) => rank < 2)
    .sort((a, b) => a[0] - b[0])
    .map(([, entry]) => entry);
}

/** A line such as `/timer start name:tea` as its command and its values by option, or null. */
export function dissect(line, all) {
  const text = line.slice(1);
  const entry = all
    .filter(({ name }) => text === name || text.startsWith(`${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!entry) return null;
  const values = {};
  const names = entry.options.map((option) => option.name).join("|");
  const pair = new RegExp(`(?:^|\\s)(${names}):\\s*([\\s\\S]*?)(?=\\s(?:${names}):|$)`, "g");
  if (names)
    for (const [, name, value] of text.slice(entry.name.length).matchAll(pair)) values[name] = value.trim();
  return { entry, values };
}

/** An interaction's data for a command, with `values` as `{ name, type, value, focused? }` in the options' order. */
export function filled(entry, values) {
  const path = entry.path.slice(1);
  let options = values;
  for (let depth = path.length; depth > 0; depth -= 1) {
    const type = depth === path.length ? SUBCOMMAND : GROUP;
    options = [{ type, name: path[depth - 1], options }];
  }
  const { command } = entry;
  return { id: command.id, version: command.version, name: command.name, type: 1, options };
}
