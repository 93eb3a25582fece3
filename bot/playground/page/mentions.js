/** Mentions in what a person types: names while writing, Discord's `<@id>` once sent. */

import { choosable } from "./select.js";

const TOKEN = /(^|[\s(])([@#])([^\s@#]*)$/;
const CODE = /(```[\s\S]*?```|`[^`]*`)/;

/** The mention being typed before the caret: `{ sign, word, start }`, or null. */
export function typed(text, caret) {
  const match = TOKEN.exec(text.slice(0, caret));
  return match && { sign: match[2], word: match[3], start: caret - match[3].length - 1 };
}

/** What may be mentioned with a sign and a beginning of a name. */
export function candidates({ sign, word }, store) {
  const wanted = word.toLowerCase();
  const fits = (item) =>
    `${item.label} ${item.hint ?? ""}`
      .toLowerCase()
      .replace(/^@/, "")
      .split(" ")
      .some((part) => part.startsWith(wanted));
  if (sign === "#")
    return choosable(8, store)
      .filter(fits)
      .map((item) => ({ ...item, insert: `#${item.label}` }));
  const people = choosable(5, store).map((item) => ({ ...item, insert: `@${item.label}` }));
  const roles = choosable(6, store)
    .filter((item) => item.value !== store.guild.id && !store.role(item.value).managed)
    .map((item) => ({ ...item, insert: item.label, hint: "role" }));
  const all = ["everyone", "here"].map((name) => ({
    value: name,
    label: `@${name}`,
    icon: "at",
    insert: `@${name}`,
    hint: name === "here" ? "everyone online" : "everyone here",
  }));
  return [...people, ...roles, ...all].filter(fits).slice(0, 10);
}

/** Names to Discord's mentions, but not within code. */
export function encode(text, store) {
  const names = [
    ...store.members.map(({ user }) => [`@${store.nameOf(user)}`, `<@${user.id}>`]),
    ...store.guild.roles
      .filter((role) => role.id !== store.guild.id)
      .map((role) => [`@${role.name}`, `<@&${role.id}>`]),
    ...[...store.channels.values()]
      .filter((channel) => channel.guild_id)
      .map((channel) => [`#${channel.name}`, `<#${channel.id}>`]),
  ].sort((a, b) => b[0].length - a[0].length);
  return text
    .split(CODE)
    .map((part, index) => (index % 2 ? part : names.reduce(replace, part)))
    .join("");
}

function replace(text, [name, mention]) {
  const pattern = new RegExp(`(?<![\\w<@#/])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\w)`, "g");
  return text.replace(pattern, () => mention);
}

/** Discord's mentions back to names, for editing. */
export function decode(text, store) {
  return text
    .replace(/<@!?(\d+)>/g, (all, id) => (store.user(id) ? `@${store.nameOf(store.user(id))}` : all))
    .replace(/<@&(\d+)>/g, (all, id) => (store.role(id) ? `@${store.role(id).name}` : all))
    .replace(/<#(\d+)>/g, (all, id) => (store.channel(id) ? `#${store.channel(id).name}` : all));
}
