/** Builds DOM nodes. A string always becomes a text node, so nothing that a message says can become markup. */

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "indeterminate",
  "selected",
  "open",
  "multiple",
]);

/**
 * Make an element: `h("button", { class: "primary", onclick: act, dataset: { id } }, "Start")`.
 * Properties that are undefined, null or false are left out; `style` takes an object of CSS properties.
 */
export function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "dataset")
      fill(value, (name, text) => {
        node.dataset[name] = text;
      });
    else if (key === "style") fill(value, (name, text) => node.style.setProperty(name, text));
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (PROPERTIES.has(key)) node[key] = value;
    else node.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Append nodes and strings, however nested; empty ones (null, undefined, false, "") are passed over. */
function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child);
  }
}

/** The same node with other children. */
export function refill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

function fill(values, set) {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== false) set(name, String(value));
  }
}
