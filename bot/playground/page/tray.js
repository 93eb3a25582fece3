/** The files that go along with the next message. */

import { h } from "./element.js";
import { icon } from "./icons.js";

/** The list of chosen files above the box; `remove(file)` is for one that shall not go along. */
export function tray(files, remove) {
  return h(
    "ul",
    { class: "tray", "aria-label": "Files to send", hidden: !files.length },
    files.map((file) =>
      h(
        "li",
        {},
        icon("file"),
        h("span", {}, file.name),
        h(
          "button",
          { class: "tool", type: "button", "aria-label": `Remove ${file.name}`, onclick: () => remove(file) },
          icon("close"),
        ),
      ),
    ),
  );
}
