/** Select menus: of written options, and of users, roles, people-or-roles and channels. */

import { avatar } from "./avatar.js";
import { h, refill } from "./element.js";
import { emoji, icon } from "./icons.js";
import { Picker } from "./picker.js";
import { away, iconOf } from "./place.js";

const ASKS = {
  3: "Make a selection",
  5: "Choose a user",
  6: "Choose a role",
  7: "Choose a user or role",
  8: "Choose a channel",
};

/** What may be chosen from a store for a kind of select or option: 5 users, 6 roles, 7 both, 8 channels. */
export function choosable(kind, store, channelTypes) {
  const open = store.channel(store.open);
  const visit = open && away(open, store);
  const people = (visit ? store.people : store.members.map(({ user }) => user)).map((user) => ({
    value: user.id,
    label: store.nameOf(user),
    hint: user.username,
    face: avatar(user, store, "tiny"),
  }));
  const roles = (visit ? [] : store.guild.roles).map((role) => ({
    value: role.id,
    label: role.name.replace(/^@?/, "@"),
    icon: "at",
  }));
  if (kind === 5) return people;
  if (kind === 6) return roles;
  if (kind === 7) return [...people, ...roles];
  const guild = open?.guild_id ?? store.guild.id;
  return [...store.channels.values()]
    .filter((channel) => channel.guild_id === guild)
    .filter((channel) => !channelTypes?.length || channelTypes.includes(channel.type))
    .map((channel) => ({ value: channel.id, label: channel.name, icon: iconOf(channel, store) }));
}

/** One select menu. `values` holds what is chosen; `onchoose(values)` is called once a choice stands. */
export class Select {
  constructor(component, store, { pending = false, onchoose, label } = {}) {
    this.component = component;
    this.onchoose = onchoose;
    this.least = component.min_values ?? 1;
    this.most = component.max_values ?? 1;
    this.choices =
      component.type === 3
        ? component.options.map(written)
        : choosable(component.type, store, component.channel_types);
    const given =
      component.type === 3
        ? component.options.filter((option) => option.default).map((option) => option.value)
        : (component.default_values ?? []).map((value) => value.id);
    this.values = new Set(given);
    this.before = new Set(given);
    this.words = h("span", { class: "select-words" });
    this.node = h(
      "button",
      {
        class: "select",
        type: "button",
        role: "combobox",
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-label": label ?? component.placeholder ?? ASKS[component.type],
        "aria-busy": pending || undefined,
        disabled: component.disabled,
        dataset: { key: component.custom_id, customId: component.custom_id },
        onclick: () => (this.picker.opened ? this.picker.close() : this.#show()),
        onkeydown: (event) => this.#key(event),
      },
      this.words,
      pending ? h("span", { class: "spinner" }) : icon("chevron"),
    );
    this.picker = new Picker({
      owner: this.node,
      label: component.placeholder ?? ASKS[component.type],
      above: false,
      many: this.most > 1,
      onchoose: (item) => this.#choose(item),
      onclose: () => this.#closed(),
    });
    this.#write();
  }

  #show(at) {
    const items = this.choices.map((choice) => ({ ...choice, chosen: this.values.has(choice.value) }));
    const first = items.findIndex((item) => item.chosen);
    this.picker.show(items, { empty: "Nothing to choose from.", at: at ?? Math.max(first, 0) });
  }

  #key(event) {
    if (event.key === " " && this.picker.opened) {
      event.preventDefault();
      this.picker.choose(this.picker.at);
    } else if (!this.picker.key(event) && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.#show();
    }
  }

  #choose(item) {
    const { value } = item;
    if (this.most === 1) {
      const again = this.values.has(value);
      this.values = new Set(again && this.least === 0 ? [] : [value]);
      this.#write();
      this.before = new Set(this.values);
      this.picker.close();
      this.onchoose?.([...this.values]);
      return;
    }
    if (this.values.has(value)) this.values.delete(value);
    else if (this.values.size < this.most) this.values.add(value);
    this.#write();
    this.#show(this.picker.at);
  }

  /** A choice of several stands once the list is closed. */
  #closed() {
    const same = this.values.size === this.before.size && [...this.values].every((value) => this.before.has(value));
    if (this.most === 1 || same || this.values.size < this.least) return;
    this.before = new Set(this.values);
    this.onchoose?.([...this.values]);
  }

  #write() {
    const chosen = this.choices.filter((choice) => this.values.has(choice.value));
    this.node.dataset.empty = chosen.length ? "" : "yes";
    refill(
      this.words,
      chosen.length
        ? chosen.map((choice) => choice.label).join(", ")
        : (this.component.placeholder ?? ASKS[this.component.type]),
    );
  }
}

function written(option) {
  return { value: option.value, label: option.label, note: option.description, face: emoji(option.emoji) };
}
