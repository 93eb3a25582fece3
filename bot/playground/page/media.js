/** Pictures, files and embeds. Nothing is loaded from anywhere but the playground itself. */

import { h } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { posted } from "./timestamps.js";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
const IMAGE = /\.(png|jpe?g|gif|webp|svg)$/i;

/** The address on this origin for something the playground serves; null for anything elsewhere. */
function local(url) {
  let parsed;
  try {
    parsed = new URL(url, location.href);
  } catch {
    return null;
  }
  if (parsed.protocol === "data:") return url.startsWith("data:image/") ? url : null;
  return /^https?:$/.test(parsed.protocol) && LOOPBACK.test(parsed.hostname)
    ? parsed.pathname + parsed.search
    : null;
}

/** A picture with its description, or a note in its place when it lies outside this machine. */
export function picture({ url, description, width, height, spoiler }, className = "picture") {
  const source = local(url);
  if (!source) {
    return h(
      "a",
      {
        class: `${className} elsewhere`,
        href: /^https?:/.test(url) ? url : undefined,
        target: "_blank",
        rel: "noopener noreferrer",
      },
      icon("away"),
      h("span", {}, description || "A picture elsewhere, not loaded here"),
    );
  }
  const image = h("img", {
    src: source,
    alt: description ?? "",
    title: description,
    width,
    height,
    loading: "lazy",
    decoding: "async",
  });
  const link = h("a", { class: className, href: source, target: "_blank", rel: "noopener" }, image);
  return spoiler ? veil(link) : link;
}

/** Something hidden until it is pressed. */
export function veil(content) {
  const cover = h("button", { class: "veil-cover", type: "button", onclick: reveal }, icon("eye"), "Spoiler");
  content.inert = true;
  const node = h("div", { class: "veil" }, content, cover);
  function reveal() {
    content.inert = false;
    node.dataset.shown = "yes";
    cover.remove();
  }
  return node;
}

/** The pictures and files attached to a message. */
export function attachments(list) {
  if (!list?.length) return null;
  const pictures = list.filter(isPicture);
  const files = list.filter((attachment) => !isPicture(attachment));
  return [
    pictures.length > 0 &&
      h(
        "div",
        { class: "gallery", dataset: { count: Math.min(pictures.length, 4) } },
        pictures.map((attachment) =>
          picture({
            ...attachment,
            description: attachment.description ?? attachment.title ?? attachment.filename,
            spoiler: attachment.filename.startsWith("SPOILER_"),
          }),
        ),
      ),
    files.map(file),
  ];
}

function isPicture(attachment) {
  return attachment.content_type?.startsWith("image/") || IMAGE.test(attachment.filename);
}

/** A file to download. */
export function file(attachment) {
  const source = local(attachment.url ?? "");
  return h(
    "a",
    { class: "file", href: source ?? undefined, download: attachment.filename, dataset: { testid: "file" } },
    icon("file"),
    h(
      "span",
      {},
      h("span", { class: "file-name" }, attachment.filename ?? "file"),
      h("span", { class: "file-size" }, bytes(attachment.size)),
    ),
  );
}

function bytes(count) {
  if (count === undefined || count === null) return "";
  if (count < 1024) return `${count} bytes`;
  return count < 1_048_576 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1_048_576).toFixed(1)} MB`;
}

/** An integer colour of Discord's as a CSS colour. */
export function colour(value) {
  return value || value === 0 ? `#${value.toString(16).padStart(6, "0")}` : undefined;
}

/** An embed: a card with a colour bar. */
export function embed(data, store) {
  const titled =
    data.title &&
    h(
      "div",
      { class: "embed-title" },
      data.url && /^https?:/.test(data.url)
        ? h("a", { href: data.url, target: "_blank", rel: "noopener noreferrer" }, prose(data.title, store))
        : prose(data.title, store),
    );
  const foot = [data.footer?.text, data.timestamp && posted(data.timestamp)].filter(Boolean).join(" • ");
  return h(
    "article",
    { class: "embed", style: { "--bar": colour(data.color) } },
    h(
      "div",
      { class: "embed-body" },
      data.author && h("div", { class: "embed-author" }, data.author.name),
      titled,
      data.description && h("div", { class: "embed-description prose" }, prose(data.description, store)),
      data.fields?.length > 0 &&
        h(
          "div",
          { class: "embed-fields" },
          data.fields.map((field) =>
            h(
              "div",
              { class: field.inline ? "embed-field inline" : "embed-field" },
              h("div", { class: "embed-field-name" }, prose(field.name, store)),
              h("div", { class: "prose" }, prose(field.value, store)),
            ),
          ),
        ),
      data.image && picture({ ...data.image, description: data.image.description ?? data.title }),
      foot && h("div", { class: "embed-footer" }, foot),
    ),
    data.thumbnail &&
      picture({ ...data.thumbnail, description: data.thumbnail.description ?? data.title }, "thumbnail"),
  );
}
