// The function of ours that decided, as it stands in its file.

/** Its lines with their numbers; the one that decided is marked. */
function sourceCode(source) {
  let inText = false;
  const lines = String(source.text).replace(/\n$/, "").split("\n").map((line, n) => {
    const marks = line.split('"""').length - 1;
    const isText = inText || marks > 0;
    if (marks % 2) inText = !inText;
    const parts = isText ? el("span", { class: "source-text" }, line) : coloured(line);
    return sourceLine(parts, source.first + n, source.line);
  });
  return el("div", { class: "source-code" },
    scrollBox(`Source text of ${source.function}`, el("pre", {}, lines)),
    copyButton(source.text, "Copy the function"));
}

function sourceLine(parts, number, deciding) {
  const decides = number === deciding;
  return el("span", { class: decides ? "source-line decides" : "source-line" },
    el("span", { class: "source-number" }, String(number).padStart(4)),
    el("span", { class: "source-sign", "aria-hidden": "true" }, decides ? "▶" : " "),
    decides && unseen(" (decides here) "),
    parts, "\n");
}

const PYTHON_WORDS = `and as async await break case class continue def elif else except False
  finally for from if import in is lambda match None not or pass raise return True try while
  with yield`.split(/\s+/).join("|");
const PYTHON_PARTS = new RegExp(
  String.raw`("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(#.*$)|\b(${PYTHON_WORDS})\b`, "g");
const PYTHON_KINDS = ["text", "comment", "keyword"];

/** One line of Python with its words, texts and comments told apart. */
function coloured(line) {
  const parts = [];
  let at = 0;
  for (const found of line.matchAll(PYTHON_PARTS)) {
    const kind = PYTHON_KINDS[found.slice(1).findIndex((group) => group !== undefined)];
    parts.push(line.slice(at, found.index), el("span", { class: `source-${kind}` }, found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, line.slice(at)];
}
