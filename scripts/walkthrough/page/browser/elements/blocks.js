// What the step's blocks are built of: headings, tables of facts, values too long to show.

/** A heading of a level that may be deeper than HTML's six. */
function headingOf(level, attributes, ...children) {
  if (level <= 6) return el(`h${level}`, attributes, ...children);
  return el("h6", { ...attributes, "aria-level": level }, ...children);
}

/** What is wider than the page, in a box that scrolls, with the keyboard as well. */
function scrollBox(label, ...children) {
  return el("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": label },
    ...children);
}

/**
 * A table; every cell is a text or an element, the first of a row names it.
 *
 * @param {string} caption for those who listen
 * @param {string[]} columns
 * @param {any[][]} rows
 */
function tableOf(caption, columns, rows, kind = "") {
  return el("table", { class: `rows ${kind}`.trim() },
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, n) =>
      (n === 0 ? breakable(el("th", { scope: "row" }, cell)) : el("td", {}, cell)))))));
}

/** An element whose long names break between their words: `authority|Key|Identifier`. */
function breakable(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const at = text.data.search(/(?<=[a-z])(?=[A-Z])|(?<=[_:.])(?=[A-Za-z])/);
    if (at <= 0) continue;
    text.splitText(at).before(document.createElement("wbr"));
  }
  return element;
}

/** A table of names, values and, with each value, what it means. */
function meaningsTable(caption, name, rows, kind = "") {
  const explained = rows.some(([, , meaning]) => meaning);
  const cells = rows.map(([each, value, meaning]) => [each, el("div", { class: "value-cell" },
    el("div", { class: "value" }, value), meaning && el("div", { class: "meaning" }, meaning))]);
  const columns = [name, explained ? "value, and what it means" : "value"];
  return tableOf(caption, columns, cells, `named ${kind}`.trim());
}

/** A value as code; of a long one the beginning and the end, and all of it on request. */
function valueOf(text, longest = 180) {
  const value = String(text);
  if (value.length <= longest) return el("code", {}, unbroken(value));
  const short = `${value.slice(0, 48)}…${value.slice(-12)}`;
  return fold(el("code", {}, short), () => el("code", {}, unbroken(value)), {
    kind: "long-value",
    aside: `${value.length} characters`,
  });
}

const LIKE_A_THUMBPRINT = /(?<![\w+/=.-])([\w-]{43}|[0-9a-f]{40}|[0-9a-f]{64})(?![\w+/=.-])/;

/** A text whose thumbprints and digests stay in one line, or else break between groups of four. */
function unbroken(text) {
  return String(text).split(LIKE_A_THUMBPRINT).map((part, n) => (n % 2 === 0 ? part
    : el("span", { class: "unbroken" }, part.match(/.{1,4}/g).map((group, at) => [
      at > 0 && el("wbr"), el("span", {}, group)]))));
}

/** What a name means, if the story's glossary has it. */
function meaningOf(story, name) {
  const glossary = story.glossary || {};
  return Object.hasOwn(glossary, name) ? glossary[name] : "";
}

/** What the story knows of a rule: sentence, link and without, each perhaps empty. */
function ruleOf(story, rule) {
  const rules = story.rules || {};
  const known = Object.hasOwn(rules, rule) ? rules[rule] : {};
  const named = /^RFC (\d+)(?: section ([\d.]+))?/.exec(rule || "");
  const link = named && `https://www.rfc-editor.org/rfc/rfc${named[1]}${named[2] ? `#section-${named[2]}` : ""}`;
  const given = /^https:\/\//.test(known.link || "") ? known.link : "";
  return { sentence: known.sentence || "", link: given || link || "", without: known.without || "" };
}

/** The name of a rule, linked to its text where that is known. */
function ruleLink(story, rule) {
  const { link } = ruleOf(story, rule);
  if (!rule) return null;
  if (!link) return el("span", { class: "rule-name" }, rule);
  return el("a", { class: "rule-name", href: link, target: "_blank", rel: "noopener noreferrer" }, rule);
}

const TIMES = new Set(["exp", "iat", "nbf", "auth_time", "updated_at", "expires_at"]);

/** A moment in seconds since the epoch, in words, and how far from *now* it is. */
function momentInWords(seconds, now) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const time = date.toISOString().slice(11, 19);
  return `${day}, ${time} UTC${now ? `, ${distanceInWords(seconds - now)}` : ""}`;
}

function distanceInWords(seconds) {
  const size = Math.abs(Math.round(seconds));
  if (size < 2) return "the moment of this request";
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, length] = units.find(([, each]) => size >= each);
  const count = Math.round(size / length);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${words} after this request` : `${words} before this request`;
}

/** "a", "a and b", "a, b and c". */
function inAList(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** Passed or refused: a sign and a word, never a colour alone. */
function mark(passed, word) {
  return el("span", { class: `mark ${passed ? "passed" : "refused"}` },
    icon(passed ? "passed" : "refused"), " ", word);
}
