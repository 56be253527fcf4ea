// The heart of it: a certificate's thumbprint worked out before the reader's eyes, byte
// by byte (RFC 8705 section 3.1), and held beside the one that a token names.

const DUMP_LINES_AT_ONCE = 4;

/**
 * The derivation of one certificate's thumbprint, and each other value beside it.
 *
 * @param {object} story
 * @param {string} x5t
 * @param {{value: string, from: string[], mistake: string}[]} others
 * @param {number} level that of the headings inside
 */
function thumbprintDerivation(story, x5t, others, level) {
  const certificate = story.certificates?.[x5t];
  const der = bytesOfBase64(certificate?.der);
  if (!der || der.length === 0) {
    return el("p", {}, "This certificate was not kept, so there is nothing to work out.");
  }
  const digest = sha256(der);
  const worked = base64url(digest);
  return [
    el("p", { class: "derived-whose" }, "Worked out by this page from the bytes of ", certificateChip(story, x5t), "."),
    worked !== x5t && el("p", { class: "alarm" }, `The recording says ${x5t}, and its bytes say otherwise.`),
    el("ol", { class: "working" },
      stage(level, "The certificate as it crossed the wire",
        `${der.length} bytes of DER. Not PEM: no header, no line breaks, no base64.`, derDump(der)),
      stage(level, "Its SHA-256 digest", "32 bytes, however long the certificate is.", digestBytes(digest)),
      stage(level, "Three bytes are 24 bits are four characters",
        "base64url cuts the same bits every six, and gives each of the 64 numbers a character.",
        groupUnderGlass("The first group", digest.subarray(0, 3)),
        groupUnderGlass("The last group", digest.subarray(30)),
        el("p", {}, "32 is ten times three, and two are left over: 16 bits, two zero bits to fill the ",
          "third six, three characters. The fourth place would be padding (=), and JOSE leaves it ",
          "out: 10 × 4 + 3 = 43.")),
      stage(level, "The thumbprint", null, thumbprintGroups(story, digest, worked, x5t),
        el("p", { class: "derived-value" }, el("code", {}, worked), " ", copyButton(worked, "Copy the thumbprint"))),
    ),
    others.map((each) => comparisonWith(story, x5t, worked, digest, each)),
  ];
}

function stage(level, title, says, ...children) {
  return el("li", { class: "working-stage" }, headingOf(level, {}, title), says && el("p", {}, says), children);
}

function derDump(der) {
  const lines = hexDump(der);
  const drawn = (some) => el("pre", { class: "dump" }, some.map((line) => [
    el("span", { class: "dump-offset" }, line.offset), `  ${line.hex}  `,
    el("span", { class: "dump-ascii", "aria-hidden": "true" }, line.ascii), "\n"]));
  const first = lines.slice(0, DUMP_LINES_AT_ONCE);
  const rest = lines.slice(DUMP_LINES_AT_ONCE, -1);
  return scrollBox("The bytes of the certificate in hex", drawn(first),
    rest.length > 0 && fold(`${rest.length} more lines`, () => drawn(rest), { kind: "dump-rest" }),
    lines.length > first.length && drawn(lines.slice(-1)));
}

function digestBytes(digest) {
  const digits = hexDigits(digest);
  return el("div", {}, unseen(digits.join(" ")),
    el("div", { class: "digest", "aria-hidden": "true" }, digits.map((each) => el("code", {}, each))));
}

/** One group of two or three bytes: its bytes, its bits, its sixes, its characters. */
function groupUnderGlass(title, bytes) {
  const bits = bitsOf(bytes);
  const characters = base64url(bytes);
  const filled = bits.padEnd(characters.length * 6, "0");
  const row = (name, cells) => el("tr", {}, el("th", { scope: "row" }, name), cells);
  const wide = (span, content, kind) => el("td", { colspan: span, class: kind }, el("code", {}, content));
  const sixes = filled.match(/.{6}/g);
  const added = filled.length - bits.length;
  return el("table", { class: bytes.length === 3 ? "glass" : "glass glass-last" },
    el("caption", {}, title),
    el("tbody", {},
      row("bytes", [hexDigits(bytes).map((byte) => wide(8, byte, "glass-byte")),
        added > 0 && wide(added, "+", "glass-added")]),
      row("bits", [...filled].map((bit, n) => el("td", { class: glassBit(n, n >= bits.length) }, bit))),
      row("number", sixes.map((six) => wide(6, Number.parseInt(six, 2), "glass-six"))),
      row("characters", [...characters].map((each) => wide(6, each, "glass-character")))));
}

function glassBit(n, added) {
  const kinds = ["glass-bit", Math.floor(n / 6) % 2 ? "odd" : "even"];
  if (n % 8 === 0) kinds.push("byte-begins");
  if (n % 6 === 0) kinds.push("six-begins");
  if (added) kinds.push("glass-added");
  return kinds.join(" ");
}

/** All eleven groups: three bytes over four characters. */
function thumbprintGroups(story, digest, worked, x5t) {
  const digits = hexDigits(digest);
  const row = (kind, cells) => el("span", { class: `group-row ${kind}` },
    cells.map((cell) => el("span", {}, cell)));
  const groups = Array.from({ length: 11 }, (_, n) => {
    const characters = [...worked.slice(4 * n, 4 * n + 4)];
    return el("li", { class: n === 10 ? "group group-short" : "group" },
      row("group-bytes", digits.slice(3 * n, 3 * n + 3)),
      row(`group-characters ${certificateLook(story, x5t).colour}`, characters));
  });
  const names = ["digest", "thumbprint"];
  return el("div", {}, unseen(worked),
    el("div", { class: "grouped", "aria-hidden": "true" },
      el("div", { class: "group-names" }, names.map((name) => el("span", {}, name))),
      el("ol", { class: "groups" }, groups)));
}

/** What became of one other value: drawn character by character where it was compared. */
function comparisonWith(story, x5t, worked, digest, other) {
  if (other.standing !== "compared") return notCompared(story, x5t, other);
  const same = other.value === worked;
  const isForm = /^[A-Za-z0-9_-]{43}$/.test(other.value);
  const known = Object.hasOwn(story.certificates || {}, other.value);
  return el("div", { class: `thumbprint-verdict ${same ? "passed" : "refused"}` },
    el("p", { class: "verdict-line" }, mark(same, same ? "The same" : "Not the same"),
      ` as ${inAList(other.from)}: ${differenceInWords(worked, other.value)}.`),
    comparedCharacters([[other.from[0], other.value], ["this connection's certificate", worked]]),
    same && el("p", {}, "What is named is what this connection has proved: ", certificateChip(story, x5t), "."),
    !same && isForm && !other.mistake && el("p", {}, "It names ",
      known ? certificateChip(story, other.value) : "a certificate that does not occur here",
      ", and this connection has proved ", certificateChip(story, x5t), "."),
    !same && other.mistake && el("p", {}, "Recognised: it is ", el("strong", {}, other.mistake),
      " of this very certificate. It is refused all the same."),
    !isForm && el("ul", {}, shapeOfValue(other.value, digest).map((each) => el("li", {}, each))));
}

/** A value that no decision was about: written just now, or left alone. */
function notCompared(story, x5t, { value, from, standing }) {
  const words = standing === "uncompared" ? `Nobody compared it with ${inAList(from)}: `
    : value === x5t ? `It was written into the token: ${inAList(from)}. ` : `Another was written into the token: ${inAList(from)}. `;
  return el("div", { class: `thumbprint-verdict ${standing}` },
    el("p", { class: "verdict-line" }, words, isSeen(story, value) && certificateChip(story, value)));
}
