/** Message text as elements: the tree of `markdown.js` with names, pills and times filled in from the store. */

import { h } from "./element.js";
import { icon } from "./icons.js";
import { parse } from "./markdown.js";
import { iconOf } from "./place.js";
import { timestamp } from "./timestamps.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strike: "s" };

/** A fragment with the text of a message. `store` answers who and what is mentioned. */
export function prose(text, store) {
  const fragment = document.createDocumentFragment();
  fragment.append(...render(parse(text ?? ""), store));
  return fragment;
}

/** The text of a message with its markdown and mentions turned into plain words. */
export function plainly(text, store) {
  const lines = text.split("\n").map((line) => prose(line, store).textContent);
  return lines.join(" ").replace(/\s+/g, " ").trim();
}

function render(nodes, store) {
  return nodes.flatMap((node) => element(node, store));
}

function element(node, store) {
  const inside = () => render(node.children, store);
  switch (node.type) {
    case "text":
      return node.text;
    case "bold":
    case "italic":
    case "underline":
    case "strike":
      return h(PLAIN[node.type], {}, inside());
    case "code":
      return h("code", { class: "code" }, node.text);
    case "fence":
      return h(
        "pre",
        { class: "fence", tabindex: "0", dataset: { language: node.language } },
        h("code", {}, node.text),
      );
    case "heading":
      return h(
        "div",
        { class: "heading", role: "heading", "aria-level": "3", dataset: { level: node.level } },
        inside(),
      );
    case "subtext":
      return h("small", { class: "subtext" }, inside());
    case "quote":
      return h("blockquote", {}, inside());
    case "list":
      return h(
        node.ordered ? "ol" : "ul",
        { start: node.ordered ? node.start : undefined },
        node.items.map((item) => h("li", {}, render(item, store))),
      );
    case "spoiler":
      return spoiler(inside());
    case "link":
      return h(
        "a",
        {
          href: node.url,
          target: "_blank",
          rel: "noopener noreferrer",
          title: node.title ?? (node.children[0]?.text === node.url ? undefined : node.url),
        },
        inside(),
      );
    case "moment":
      return timestamp(node.unix, node.style) ?? node.text;
    case "emoji":
      return h("span", { class: "emoji", dataset: { tip: "A custom emoji" } }, `:${node.name}:`);
    default:
      return pill(node, store);
  }
}

function spoiler(children) {
  const body = h("span", { inert: true }, children);
  const cover = h(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: "0",
      "aria-label": "Spoiler, press to show",
      "aria-expanded": "false",
    },
    body,
  );
  const show = (event) => {
    if (cover.dataset.shown || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    cover.dataset.shown = "yes";
    body.inert = false;
    cover.removeAttribute("aria-label");
    cover.removeAttribute("role");
    cover.setAttribute("aria-expanded", "true");
  };
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

/** A mention: of a user, a role, a channel, everyone, or a command. */
function pill(node, store) {
  if (node.type === "everyone") return h("span", { class: "pill" }, node.text);
  if (node.type === "user") {
    const user = store.user(node.id);
    return h(
      "button",
      { class: "pill", type: "button", dataset: { user: node.id } },
      `@${user ? store.nameOf(user) : "unknown-user"}`,
    );
  }
  if (node.type === "role") {
    const role = store.role(node.id);
    return h("span", { class: "pill" }, `@${role?.name ?? "deleted-role"}`);
  }
  if (node.type === "command") {
    return h("button", { class: "pill", type: "button", dataset: { command: node.name } }, `/${node.name}`);
  }
  const channel = store.channel(node.id);
  if (!channel) return h("span", { class: "pill" }, "#unknown");
  return h(
    "button",
    { class: "pill", type: "button", dataset: { channel: node.id } },
    icon(iconOf(channel, store)),
    channel.name,
  );
}
