/** Dialogs: the bot's modals, and the page's own small questions. */

import { h } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { Select } from "./select.js";

const SHORT = 1;

/** Open one of the bot's modals; `submit(components)` answers the outcome and may refuse by throwing. */
export function openModal(modal, store, submit) {
  const fields = modal.components.map((component) => layout(component, store));
  const bot = store.nameOf(store.bot);
  return dialog(
    modal.title,
    [
      h("div", { class: "modal-note" }, icon("apps"), `This form goes to ${bot}.`),
      fields.map((field) => field.node),
    ],
    "Submit",
    async () => {
      if (fields.map((field) => field.check()).includes(false)) return false;
      const outcome = await submit(fields.map((field) => field.answer()).filter(Boolean));
      if (outcome.kind === "INTERACTION_FAILURE")
        throw new Error(outcome.refused ? outcome.reason : "Something went wrong. Try again.");
      return true;
    },
    "modal",
  );
}

/** Ask for a line of text. */
export function ask(title, label, given, verb, act) {
  const input = h("input", {
    class: "field-input",
    value: given,
    maxlength: "100",
    "aria-label": label,
    required: true,
  });
  return dialog(
    title,
    [h("label", { class: "field" }, h("span", { class: "field-label" }, label), input)],
    verb,
    async () => {
      if (!input.value.trim()) return false;
      await act(input.value.trim());
      return true;
    },
  );
}

/** Ask whether to go on. */
export function confirm(title, words, verb, act) {
  return dialog(
    title,
    [h("p", {}, words)],
    verb,
    async () => {
      await act();
      return true;
    },
    "confirm",
    true,
  );
}

function dialog(title, content, verb, act, testid = "dialog", danger = false) {
  const trouble = h("div", { class: "trouble", role: "alert" });
  const go = h("button", { class: danger ? "button danger" : "button primary", type: "submit" }, verb);
  const node = h(
    "dialog",
    {
      class: "dialog",
      "aria-label": title,
      dataset: { testid },
      onclose: () => node.remove(),
      onkeydown: (event) => event.stopPropagation(),
    },
    h(
      "form",
      { novalidate: true, onsubmit: send },
      h(
        "header",
        {},
        h("h2", {}, title),
        h(
          "button",
          { class: "tool", type: "button", "aria-label": "Close", onclick: () => node.close() },
          icon("close"),
        ),
      ),
      h("div", { class: "dialog-body" }, content, trouble),
      h(
        "footer",
        {},
        h("button", { class: "button secondary", type: "button", onclick: () => node.close() }, "Cancel"),
        go,
      ),
    ),
  );
  async function send(event) {
    event.preventDefault();
    trouble.textContent = "";
    go.disabled = true;
    go.setAttribute("aria-busy", "true");
    try {
      if (await act()) node.close();
    } catch (error) {
      trouble.textContent = error.message;
    }
    go.disabled = false;
    go.removeAttribute("aria-busy");
  }
  document.body.append(node);
  node.showModal();
  (node.querySelector(".dialog-body :is(input, textarea, select, .select)") ?? go).focus();
  return node;
}

/** A top-level component of a modal: `{ node, check(), answer() }`. */
function layout(component, store) {
  if (component.type === 10) {
    return {
      node: h("div", { class: "prose" }, prose(component.content, store)),
      check: () => true,
      answer: () => null,
    };
  }
  if (component.type === 1) {
    const inner = component.components.map((part) =>
      labelled(part.label, undefined, control(part, store, part.label)),
    );
    return {
      node: h(
        "div",
        {},
        inner.map((part) => part.node),
      ),
      check: () => inner.every((part) => part.check()),
      answer: () => ({ type: 1, id: component.id, components: inner.map((part) => part.answer()) }),
    };
  }
  const part = labelled(
    component.label,
    component.description,
    control(component.component, store, component.label),
  );
  return { ...part, answer: () => ({ type: component.type, id: component.id, component: part.answer() }) };
}

function labelled(label, description, field) {
  const wrong = h("span", { class: "field-wrong", role: "alert" });
  const grouped = field.node.getAttribute("role") === "group" || field.node.getAttribute("role") === "radiogroup";
  const node = h(
    grouped ? "div" : "label",
    { class: "field" },
    h(
      "span",
      { class: "field-label" },
      label,
      field.required && h("span", { class: "star", "aria-hidden": "true" }, "*"),
      wrong,
    ),
    description && h("span", { class: "field-description" }, description),
    field.node,
  );
  const check = () => {
    const sentence = field.wrong();
    wrong.textContent = sentence ? ` — ${sentence}` : "";
    if (sentence) field.node.focus();
    return !sentence;
  };
  return { node, check, answer: field.answer };
}

function control(component, store, label) {
  const required = component.required ?? true;
  const base = { type: component.type, id: component.id, custom_id: component.custom_id };
  if (component.type === 4) return text(component, base, required, label);
  if (component.type === 21 || component.type === 22) return boxes(component, base, required, label);
  if (component.type === 23) {
    const node = h("input", {
      type: "checkbox",
      checked: component.default,
      "aria-label": label,
      dataset: { customId: component.custom_id },
    });
    return { node, required: false, wrong: () => "", answer: () => ({ ...base, value: node.checked }) };
  }
  if (component.type === 19) {
    const node = h("span", { class: "field-description" }, "Files can't be passed to a form here.");
    return { node, required: false, wrong: () => "", answer: () => ({ ...base, values: [] }) };
  }
  const least = required ? (component.min_values ?? 1) : 0;
  const select = new Select({ ...component, min_values: least }, store, { label });
  return {
    node: select.node,
    required,
    wrong: () => (select.values.size < least ? "this field is required" : ""),
    answer: () => ({ ...base, values: [...select.values] }),
  };
}

function text(component, base, required, label) {
  const node = h(component.style === SHORT ? "input" : "textarea", {
    class: "field-input",
    value: component.value ?? "",
    placeholder: component.placeholder,
    maxlength: component.max_length ?? 4000,
    rows: component.style === SHORT ? undefined : "4",
    "aria-label": label,
    "aria-required": String(required),
    dataset: { customId: component.custom_id },
  });
  const wrong = () => {
    const length = node.value.trim().length;
    if (required && !length) return "this field is required";
    return length && length < (component.min_length ?? 0) ? `at least ${component.min_length} characters` : "";
  };
  return { node, required, wrong, answer: () => ({ ...base, value: node.value }) };
}

function boxes(component, base, required, label) {
  const many = component.type === 22;
  const least = required ? (component.min_values ?? 1) : 0;
  const inputs = component.options.map((option) =>
    h("input", {
      type: many ? "checkbox" : "radio",
      name: component.custom_id,
      value: option.value,
      checked: option.default,
    }),
  );
  const node = h(
    "div",
    {
      class: "boxes",
      role: many ? "group" : "radiogroup",
      "aria-label": label,
      dataset: { customId: component.custom_id },
    },
    component.options.map((option, index) =>
      h(
        "label",
        {},
        inputs[index],
        h("span", {}, option.label, option.description && h("small", {}, option.description)),
      ),
    ),
  );
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    node,
    required,
    wrong: () => (values().length < least ? "please choose" : ""),
    answer: () => (many ? { ...base, values: values() } : { ...base, value: values()[0] ?? null }),
  };
}
