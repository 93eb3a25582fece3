/**
 * Discord's markdown as a tree. `parse` is pure: it reads a string and answers nodes
 * `{ type, text?, children?, … }`; `prose.js` turns them into elements.
 */

const ESCAPE = /\\([^0-9A-Za-z\s])/y;
const SHRUG = /¯\\_\(ツ\)_\/¯/y;
const FENCE = /```(?:([\w+\-.#]+)\n)?\n*([\s\S]*?[^\n])\n*```/y;
const CODE = /(`+)([\s\S]*?[^`])\1(?!`)/y;
const BOLD = /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y;
const STAR = /\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/y;
const UNDERLINE = /__((?:\\[\s\S]|[^\\])+?)__(?!_)/y;
const UNDERSCORE = /(?<!\w)_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/y;
const STRIKE = /~~((?:\\[\s\S]|[^\\])+?)~~/y;
const SPOILER = /\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y;
const LINK =
  /\[((?:\\[\s\S]|[^[\]\\]|\[[^\]]*\])+)\]\(\s*<?(https?:\/\/[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"([^"]*)")?\s*\)/y;
const ADDRESS = /https?:\/\/[^\s<>]*[^\s<>.,:;"'\])|*_~]/y;
const BRACKETED = /<(https?:\/\/[^\s<>]+)>/y;
const USER = /<@!?(\d+)>/y;
const ROLE = /<@&(\d+)>/y;
const CHANNEL = /<#(\d+)>/y;
const EVERYONE = /@(everyone|here)\b/y;
const EMOJI = /<a?:(\w{2,32}):(\d+)>/y;
const MOMENT = /<t:(-?\d{1,14})(?::([tTdDfFRsS]))?>/y;
const COMMAND = /<\/([^:<>\n]{1,110}):(\d+)>/y;

const HEADING = /(#{1,3}) +([^\n]+)(?:\n|$)/y;
const SUBTEXT = /-# +([^\n]+)(?:\n|$)/y;
const QUOTE_REST = />>> ([\s\S]*)/y;
const QUOTE = /(?:> [^\n]*(?:\n|$))+/y;
const LIST = /(?: *(?:[-*]|\d+\.) +[^\n]+(?:\n|$))(?: +\S[^\n]*(?:\n|$)| *(?:[-*]|\d+\.) +[^\n]+(?:\n|$))*/y;
const ITEM = /^( *)([-*]|\d+\.) +(.*)$/;

/** The rules that may begin with a character, in the order they are tried. */
const RULES = {
  "\\": [[ESCAPE, (m) => ({ type: "text", text: m[1] })]],
  "¯": [[SHRUG, (m) => ({ type: "text", text: m[0] })]],
  "`": [
    [FENCE, (m) => ({ type: "fence", language: m[1] ?? "", text: m[2] })],
    [CODE, (m) => ({ type: "code", text: m[2].trim() || m[2] })],
  ],
  "*": [
    [BOLD, styled("bold")],
    [STAR, styled("italic")],
  ],
  _: [
    [UNDERLINE, styled("underline")],
    [UNDERSCORE, styled("italic")],
  ],
  "~": [[STRIKE, styled("strike")]],
  "|": [[SPOILER, styled("spoiler")]],
  "[": [[LINK, (m) => ({ type: "link", url: m[2], title: m[3], children: inline(m[1], { linked: true }) })]],
  h: [[ADDRESS, (m) => ({ type: "link", url: m[0], children: [{ type: "text", text: m[0] }] })]],
  "@": [[EVERYONE, (m) => ({ type: "everyone", text: m[0] })]],
  "<": [
    [USER, (m) => ({ type: "user", id: m[1] })],
    [ROLE, (m) => ({ type: "role", id: m[1] })],
    [CHANNEL, (m) => ({ type: "channel", id: m[1] })],
    [MOMENT, (m) => ({ type: "moment", unix: Number(m[1]), style: m[2] ?? "f", text: m[0] })],
    [EMOJI, (m) => ({ type: "emoji", name: m[1] })],
    [COMMAND, (m) => ({ type: "command", name: m[1], id: m[2] })],
    [BRACKETED, (m) => ({ type: "link", url: m[1], children: [{ type: "text", text: m[1] }] })],
  ],
};

function styled(type) {
  return (m, state) => ({ type, children: inline(m[1], { ...state, blocks: false }) });
}

/** The tree of a message's text. */
export function parse(text) {
  return inline(text, { blocks: true });
}

function inline(source, state = {}) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push({ type: "text", text: plain });
    plain = "";
  };
  while (at < source.length) {
    const starts = state.blocks && (at === 0 || source[at - 1] === "\n");
    const piece = (starts && block(source, at, state)) || span(source, at, state);
    if (!piece) {
      plain += source[at];
      at += 1;
    } else if (piece.node.type === "text") {
      plain += piece.node.text;
      at = piece.end;
    } else {
      flush();
      nodes.push(piece.node);
      at = piece.end;
      if (piece.node.type === "fence" && source[at] === "\n") at += 1;
    }
  }
  flush();
  return nodes;
}

function span(source, at, state) {
  for (const [rule, make] of RULES[source[at]] ?? []) {
    if (state.linked && (rule === LINK || rule === ADDRESS || rule === BRACKETED)) continue;
    const match = matchAt(rule, source, at);
    if (match) return { node: make(match, state), end: at + match[0].length };
  }
  return null;
}

function block(source, at, state) {
  let m = matchAt(HEADING, source, at);
  if (m) return pieceOf({ type: "heading", level: m[1].length, children: inline(m[2].trim()) }, at, m);
  m = matchAt(SUBTEXT, source, at);
  if (m) return pieceOf({ type: "subtext", children: inline(m[1]) }, at, m);
  m = !state.quoted && matchAt(QUOTE_REST, source, at);
  if (m) return pieceOf({ type: "quote", children: inline(m[1], { blocks: true, quoted: true }) }, at, m);
  m = !state.quoted && matchAt(QUOTE, source, at);
  if (m) {
    const inner = m[0].replace(/\n$/, "").replace(/^> /gm, "");
    return pieceOf({ type: "quote", children: inline(inner, { blocks: true, quoted: true }) }, at, m);
  }
  m = matchAt(LIST, source, at);
  return m ? listAt(m[0], at) : null;
}

/** A list reaches as far as its markers are of the first one's kind, numbers or bullets. */
function listAt(text, at) {
  const lines = text.split("\n");
  const [, margin, marker] = ITEM.exec(lines[0]);
  const other = lines.findIndex((line) => {
    const item = ITEM.exec(line);
    return item && item[1].length <= margin.length && /\d/.test(item[2]) !== /\d/.test(marker);
  });
  const own = other < 0 ? text : `${lines.slice(0, other).join("\n")}\n`;
  return { node: list(own.replace(/\n$/, "").split("\n")), end: at + own.length };
}

function pieceOf(node, at, match) {
  return { node, end: at + match[0].length };
}

function list(lines) {
  const [, margin, marker] = ITEM.exec(lines[0]);
  const ordered = /\d/.test(marker);
  const items = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && item[1].length <= margin.length) items.push({ text: item[3], inner: [] });
    else items.at(-1).inner.push(line);
  }
  const children = items.map(({ text, inner }) => {
    const start = inner.findIndex((line) => ITEM.test(line));
    const more = start < 0 ? inner : inner.slice(0, start);
    const body = inline([text, ...more.map((line) => line.trim())].join("\n"));
    return start < 0 ? body : [...body, list(inner.slice(start))];
  });
  return { type: "list", ordered, start: ordered ? Number.parseInt(marker, 10) : 1, items: children };
}

function matchAt(rule, source, at) {
  rule.lastIndex = at;
  return rule.exec(source);
}
