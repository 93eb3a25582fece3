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

/** What each node was last drawn with. */
const drawn = new WeakMap();

/**
 * Make an element: `h("button", { class: "primary", onclick: act, dataset: { id } }, "Start")`.
 * Properties that are undefined, null or false are left out; `style` takes an object of CSS properties.
 */
export function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  dress(node, properties ?? {});
  node.append(...flat(children));
  return node;
}

/** The same node with other children. */
export function refill(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/**
 * Draw children into a node from the state as it now is. What is there already and of the same kind is changed
 * instead of replaced, so that focus, caret, scrolling and a click half done survive; a node among `children` that
 * is in place is left to itself. Nodes are of a kind by their tag, their first class and their `key`.
 */
export function draw(node, ...children) {
  const old = [...node.childNodes];
  const wanted = flat(children);
  const kept = new Set(wanted.filter((child) => child.parentNode === node));
  const nodes = wanted.map((child) => {
    if (kept.has(child)) return child;
    const same = old.find((other) => !kept.has(other) && kind(other) === kind(child));
    if (same) kept.add(same);
    return same ? become(same, child) : child;
  });
  for (const other of old) if (!kept.has(other)) other.remove();
  nodes.forEach((child, index) => {
    if (node.childNodes[index] !== child) node.insertBefore(child, node.childNodes[index] ?? null);
  });
  return node;
}

function become(node, fresh) {
  if (drawn.has(node) && drawn.has(fresh)) {
    dress(node, drawn.get(fresh));
    draw(node, ...fresh.childNodes);
  } else if (!node.isEqualNode(fresh)) {
    node.replaceWith(fresh);
    return fresh;
  }
  return node;
}

function kind(node) {
  const [first] = node.getAttribute?.("class")?.split(" ") ?? [];
  return [node.nodeName, first, node.dataset?.key ?? node.dataset?.testid].join(" ");
}

/** Give a node its properties; of attributes only what has changed since it was last drawn. */
function dress(node, properties) {
  const before = drawn.get(node) ?? {};
  drawn.set(node, properties);
  for (const key of new Set([...Object.keys(before), ...Object.keys(properties)])) {
    const value = properties[key] ?? false;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), hear);
    else if (key === "dataset")
      each(before[key], value, (name, text) => {
        if (text === null) delete node.dataset[name];
        else node.dataset[name] = text;
      });
    else if (key === "style")
      each(before[key], value, (name, text) =>
        text === null ? node.style.removeProperty(name) : node.style.setProperty(name, text),
      );
    else if (PROPERTIES.has(key)) {
      const wanted = key === "value" && value === false ? "" : value;
      if (String(node[key]) !== String(wanted)) node[key] = wanted;
    } else if (value === (before[key] ?? false)) continue;
    else if (value === false) node.removeAttribute(key);
    else node.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
  }
}

/** Hand an event to what its node was last drawn with. */
function hear(event) {
  drawn.get(event.currentTarget)[`on${event.type}`]?.(event);
}

function each(before, values, set) {
  for (const name of new Set([...Object.keys(before || {}), ...Object.keys(values || {})])) {
    const value = values?.[name] ?? false;
    if (value !== (before?.[name] ?? false)) set(name, value === false ? null : String(value));
  }
}

/** Nodes and strings, however nested, as nodes; empty ones (null, undefined, false, "") are passed over. */
function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : document.createTextNode(child)));
}
