/** The page's line drawings, 24 by 24, drawn with the text's colour. */

import { h } from "./element.js";

const SPACE = "http://www.w3.org/2000/svg";

const DRAWINGS = {
  hash: "M5 9h15M4 15h15M10 4L8 20M16 4l-2 16",
  speaker: "M11 5L6 9H3v6h3l5 4zM15 9a4 4 0 0 1 0 6M18 6a8 8 0 0 1 0 12",
  thread: "M5 5v8a3 3 0 0 0 3 3h6M14 12l4 4-4 4M10 5h9M10 9h6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
  people:
    "M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 19c1-3.5 3.5-5 7-5s6 1.5 7 5M16 5.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .6 3.4 2 4 4.5",
  reply: "M9 7l-5 5 5 5M4 12h9c4 0 7 2 7 6",
  pencil: "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4",
  bin: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  apps: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM17 14v6M14 17h6",
  more: "M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0zM11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0zM18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0z",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  phone: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-6 16-3-7z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
  moon: "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  chevron: "M7 10l5 5 5-5",
  check: "M5 12l5 5 9-10",
  down: "M12 5v14M6 13l6 6 6-6",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  away: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  silent: "M6 17V11a6 6 0 0 1 10-4.5M18 11v6M4 17h16M10 20h4M4 4l16 16",
  slash: "M16 4L8 20",
  warning: "M12 4L2 20h20zM12 10v5M12 18h.01",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM16 12c0 4 5 4 5 0a9 9 0 1 0-4 7.5",
};

/** A drawing by name; it is decoration, so what it stands for must also be said in words or a label. */
export function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/** The bot's face: a tomato with the hands of a clock. */
export function tomato() {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  const parts = [
    ["M16 6a12 12 0 1 0 0 24 12 12 0 0 0 0-24z", { fill: "#e5533d" }],
    ["M16 8c-1.5-3-4.5-4-7-3 1 2.5 3.5 4 7 3zm0 0c1.5-3 4.5-4 7-3-1 2.5-3.5 4-7 3z", { fill: "#3f9a5c" }],
    ["M16 12v6l4 3", { fill: "none", stroke: "#fff", "stroke-width": "2.2", "stroke-linecap": "round" }],
  ];
  for (const [d, attributes] of parts) {
    const path = document.createElementNS(SPACE, "path");
    path.setAttribute("d", d);
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, value);
    svg.append(path);
  }
  return svg;
}

/** The emoji on a button or option: a character, or a custom one's name. */
export function emoji(data) {
  if (!data?.name) return null;
  return h("span", { class: "emoji", "aria-hidden": "true" }, data.id ? `:${data.name}:` : data.name);
}
