/** Message components, old and new: rows of buttons and selects, and the layouts of Components V2. */

import { h } from "./element.js";
import { emoji, icon } from "./icons.js";
import { colour, file, picture, veil } from "./media.js";
import { prose } from "./prose.js";
import { Select } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

/** How one message's components are drawn; `act(component, values?)` is called when one is used. */
class Drawing {
  constructor(message, store, act) {
    Object.assign(this, { message, store, act, mark: store.marks.get(message.id) });
    this.draw = this.draw.bind(this);
  }

  draw(component) {
    switch (component.type) {
      case 1:
        return h("div", { class: "row" }, component.components.map(this.draw), this.#failure(component.components));
      case 2:
        return this.#button(component);
      case 3:
      case 5:
      case 6:
      case 7:
      case 8:
        return this.#select(component);
      case 9:
        return this.#section(component);
      case 10:
        return h("div", { class: "text-display prose" }, prose(component.content, this.store));
      case 11:
        return picture(
          { ...this.#media(component.media), description: component.description, spoiler: component.spoiler },
          "thumbnail",
        );
      case 12:
        return this.#gallery(component);
      case 13:
        return this.#file(component);
      case 14:
        return h("div", {
          class: "separator",
          role: component.divider === false ? "presentation" : "separator",
          dataset: { divider: component.divider !== false && "yes", spacing: component.spacing ?? 1 },
        });
      case 17:
        return this.#container(component);
      default:
        return h(
          "div",
          { class: "unsupported" },
          `A component of type ${component.type}, which this page can't draw.`,
        );
    }
  }

  #container(component) {
    const box = h(
      "div",
      {
        class: "container",
        style: { "--bar": colour(component.accent_color) },
        dataset: { accent: component.accent_color !== null && component.accent_color !== undefined && "yes" },
      },
      component.components.map(this.draw),
    );
    return component.spoiler ? veil(box) : box;
  }

  #section(component) {
    return h(
      "div",
      { class: "section" },
      h("div", { class: "section-words" }, component.components.map(this.draw)),
      h("div", { class: "accessory" }, this.draw(component.accessory)),
      this.#failure([component.accessory]),
    );
  }

  #gallery(component) {
    return h(
      "div",
      { class: "gallery", dataset: { count: Math.min(component.items.length, 4) } },
      component.items.map((item) =>
        picture({ ...this.#media(item.media), description: item.description, spoiler: item.spoiler }),
      ),
    );
  }

  #file(component) {
    const media = this.#media(component.file);
    const card = file({
      filename: component.name ?? media.filename,
      size: component.size ?? media.size,
      url: media.url,
    });
    return component.spoiler ? veil(card) : card;
  }

  /** A picture by `attachment://name` is one of the message's own attachments. */
  #media(item) {
    const name = item.url.startsWith("attachment://") ? item.url.slice(13) : null;
    const own = (this.message.attachments ?? []).find((attachment) =>
      name ? attachment.filename === name : attachment.id === item.attachment_id,
    );
    const url = name && own ? own.url : item.url;
    return { filename: url.split("/").at(-1).split("?")[0], ...own, ...item, url };
  }

  #button(component) {
    const name = component.label ?? component.emoji?.name ?? "";
    const words = [emoji(component.emoji), component.label && h("span", {}, component.label)];
    if (component.style === 5) {
      const safe = /^https?:/.test(component.url ?? "") ? component.url : undefined;
      return h(
        "a",
        {
          class: "button link",
          role: "link",
          href: component.disabled ? undefined : safe,
          "aria-disabled": component.disabled || undefined,
          target: "_blank",
          rel: "noopener noreferrer",
        },
        words,
        icon("away"),
      );
    }
    const pending = this.mark?.pending === component.custom_id;
    return h(
      "button",
      {
        class: `button ${STYLES[component.style] ?? "secondary"}`,
        type: "button",
        disabled: component.disabled,
        "aria-label": component.label ? undefined : name,
        "aria-busy": pending || undefined,
        "aria-disabled": this.mark?.pending ? "true" : undefined,
        dataset: { key: component.custom_id, customId: component.custom_id },
        onclick: () => this.act(component),
      },
      words,
      pending && h("span", { class: "spinner" }),
    );
  }

  #select(component) {
    const pending = this.mark?.pending === component.custom_id;
    return new Select(component, this.store, { pending, onchoose: (values) => this.act(component, values) }).node;
  }

  #failure(components) {
    if (!this.mark?.failed || !components.some((component) => component.custom_id === this.mark.failed))
      return null;
    return h(
      "div",
      { class: "failure", role: "alert", title: this.mark.reason },
      icon("warning"),
      "This interaction failed",
    );
  }
}

/** A message's components as elements. */
export function components(message, store, act) {
  if (!message.components?.length) return null;
  return h("div", { class: "components" }, message.components.map(new Drawing(message, store, act).draw));
}
