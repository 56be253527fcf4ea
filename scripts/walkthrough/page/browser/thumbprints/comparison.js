// Two values beside each other: thumbprints character by character, names part by part.

/** Longer texts are no thumbprints, however wrong, and are compared so far. */
const MOST_PLACES = 128;

/** Places in a line: a thumbprint, with its padding too, is never broken. */
const SHORTEST_LINE = 43;
const LONGEST_LINE = 48;

/** Whether a text could be taken for a certificate's thumbprint, right or wrong. */
function looksLikeThumbprint(text) {
  if (typeof text !== "string") return false;
  const hex = /^(?:[0-9A-Fa-f]{2}:?){20,64}$/.test(text);
  if (hex || /^[A-Za-z0-9_-]{43}$/.test(text)) return true;
  return /^[A-Za-z0-9_+/-]{27,88}={0,2}$/.test(text) && /\d/.test(text) && /[A-Z]/.test(text);
}

/** Whether a text is a distinguished name as RFC 4514 writes it. */
function looksLikeName(text) {
  return typeof text === "string" && /^[A-Za-z0-9.]+=.*,[A-Za-z0-9.]+=/.test(text);
}

/**
 * Which characters of two texts are the same, place by place.
 *
 * @returns {{same: boolean[], different: number, length: number}}
 */
function placesOf(one, other) {
  const length = Math.max(one.length, other.length);
  const same = Array.from({ length }, (_, n) => one[n] === other[n]);
  return { same, different: same.filter((each) => !each).length, length };
}

/** "all 43 characters are the same", or how many are not. */
function differenceInWords(one, other) {
  const { different, length } = placesOf(one, other);
  if (different === 0) return `all ${length} characters are the same`;
  if (different === length) return `all ${length} ${one.length === other.length ? "characters" : "places"} differ`;
  if (one.length === other.length) return `${different} of ${length} characters differ`;
  return `${different} of ${length} places differ (${one.length} and ${other.length} characters)`;
}

/**
 * Two texts one above the other, marked where they differ: by a sign, not only in colour.
 * Above is what is named, below what the connection has proved: here and everywhere.
 *
 * @param {[any, string][]} lines two of them, each its name and its text
 */
function comparedCharacters(lines) {
  const drawn = lines.map(([name, text], n) => el("div", { class: "compared-name" },
    n === 0 ? "above: " : "below: ", name, unseen(`: ${text}`)));
  return el("div", { class: "compared" },
    el("div", { class: "compared-names" }, drawn),
    comparedPairs(...lines.map(([, text]) => text)));
}

/** A column for each place: both characters, and a sign; for the eye alone. */
function comparedPairs(...texts) {
  const [one, other] = texts.map((text) => text.slice(0, MOST_PLACES));
  const { same, different, length } = placesOf(one, other);
  const columns = same.map((equal, n) => el("span", { class: equal ? "pair" : "pair unlike" },
    el("span", {}, one[n] ?? " "), el("span", {}, other[n] ?? " "),
    el("span", { class: "pair-sign" }, equal ? "=" : "≠")));
  const kind = different > length / 2 ? "pairs wholly" : "pairs";
  const columnsInLine = Math.min(Math.max(length, SHORTEST_LINE), LONGEST_LINE);
  return el("div", { class: kind, "aria-hidden": "true", vars: { "--columns": columnsInLine } }, columns);
}

/** The parts of a distinguished name, at its commas that are not escaped. */
function partsOfName(name) {
  return (name.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? ["", part] : [part.slice(0, at), part.slice(at + 1)];
  });
}

/** What the sign before it says: not shown where there is no room for it. */
function compared(words) {
  return el("span", { class: "names-words" }, words);
}

/** Two distinguished names part by part. */
function comparedNames(expected, presented) {
  const [ours, theirs] = [partsOfName(expected), partsOfName(presented)];
  const rows = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, n) => {
    const [type, value] = ours[n] ?? ["", ""];
    const [itsType, its] = theirs[n] ?? ["", ""];
    const same = type === itsType && value === its;
    const shown = (each) => el("code", {}, each);
    return [type === itsType ? type : `${type} / ${itsType}`, shown(value), shown(its),
      same ? ["=", compared(" the same")] : el("strong", { class: "unlike" }, "≠", compared(" different"))];
  });
  return tableOf("Two names, part by part", ["part", "expected", "presented", "same?"], rows, "names");
}
