/** Discord's `<t:UNIX:STYLE>`: words in the reader's own zone and language, and countdowns that tick by themselves. */

import { h } from "./element.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

const UNITS = [
  ["second", 1, 60],
  ["minute", 60, 60],
  ["hour", 3600, 24],
  ["day", 86_400, 30],
  ["month", 2_629_746, 12],
  ["year", 31_556_952, Infinity],
];

/** How Discord words a distance in time: "in 5 seconds", "in a minute", "2 hours ago". */
function relative(unix, now = Date.now()) {
  const distance = unix - now / 1000;
  const seconds = Math.abs(distance);
  for (const [unit, length, most] of UNITS) {
    const count = Math.round(seconds / length);
    if (count >= most) continue;
    const words = amount(unit, Math.max(count, unit === "second" ? 0 : 1));
    return distance > 0 || (unit === "second" && count === 0) ? `in ${words}` : `${words} ago`;
  }
  return "";
}

function amount(unit, count) {
  if (count !== 1) return `${count} ${unit}s`;
  if (unit === "second") return "1 second";
  return unit === "hour" ? "an hour" : `a ${unit}`;
}

/** The words for a moment in a style, or null when there is no such moment. */
export function moment(unix, style = "f") {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return null;
  if (style === "R") return relative(unix);
  return new Intl.DateTimeFormat(undefined, STYLES[style] ?? STYLES.f).format(date);
}

/** A `<time>` element for `<t:unix:style>`, with the full date as its tip; null when there is no such moment. */
export function timestamp(unix, style = "f") {
  const words = moment(unix, style);
  if (words === null) return null;
  const ticking = style === "R" ? unix : undefined;
  return h(
    "time",
    {
      class: "timestamp",
      datetime: new Date(unix * 1000).toISOString(),
      dataset: { ticking, tip: moment(unix, "F") },
    },
    words,
  );
}

/** How a message's own time is written beside its author: "Today at 14:05". */
export function posted(iso, now = new Date()) {
  const date = new Date(iso);
  const clock = new Intl.DateTimeFormat(undefined, STYLES.t).format(date);
  const day = dayOf(date);
  if (day === dayOf(now)) return clock;
  if (day === dayOf(new Date(now.getTime() - 86_400_000))) return `Yesterday at ${clock}`;
  return `${new Intl.DateTimeFormat(undefined, STYLES.d).format(date)} ${clock}`;
}

/** A key that is equal for two moments of the reader's same day. */
export function dayOf(date) {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Keep every ticking `<time>` on the page right, once a second on the second. */
export function tick() {
  const now = Date.now();
  for (const node of document.querySelectorAll("time[data-ticking]")) {
    const words = relative(Number(node.dataset.ticking), now);
    if (node.textContent !== words) node.textContent = words;
  }
  setTimeout(tick, 1000 - (Date.now() % 1000));
}
