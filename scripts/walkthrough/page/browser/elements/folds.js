// What opens and closes. Its content is built when it is first opened, and what the reader
// has opened or closed outlives a step's being drawn anew.

/** What a closed fold will show. */
const unbuiltFolds = new WeakMap();

/**
 * A heading that opens and closes what is under it; *build* is called when needed.
 *
 * @param {Node | string} title
 * @param {() => any} build gives the children
 * @param {{open?: boolean, aside?: any, level?: number, kind?: string}} [how] *aside* is
 *     what the closed fold tells already, *level* that of its heading, if it is one
 */
function fold(title, build, { open = false, aside = null, level = 0, kind = "" } = {}) {
  const name = level ? headingOf(level, {}, title) : el("span", { class: "folding-title" }, title);
  const details = el("details", { class: `folding ${kind}`.trim(), "data-at-first": open ? "open" : "closed" },
    el("summary", {}, name, aside && el("span", { class: "folding-aside" }, aside)));
  unbuiltFolds.set(details, build);
  if (open) openFold(details);
  else details.addEventListener("toggle", () => details.open && openFold(details));
  return details;
}

function openFold(details) {
  const build = unbuiltFolds.get(details);
  unbuiltFolds.delete(details);
  if (build) details.appendChild(el("div", { class: "folding-body" }, build()));
  details.open = true;
}

/** The folds in an element that are in no other fold of it. */
function outermostFolds(root) {
  return [...root.querySelectorAll(".folding")].filter((each) => {
    const around = each.parentElement.closest(".folding");
    return !around || !root.contains(around) || around === root;
  });
}

/** How the folds of an element are, for `restoreFolds`. */
function stateOfFolds(root) {
  return outermostFolds(root).map((each) => ({
    title: titleOfFold(each),
    open: each.open,
    focused: each.querySelector("summary") === document.activeElement,
    inside: stateOfFolds(each),
  }));
}

/** Make the folds of an element as they were in another that says much the same. */
function restoreFolds(root, states) {
  const left = [...states];
  for (const each of outermostFolds(root)) {
    const place = left.findIndex(({ title }) => title === titleOfFold(each));
    if (place < 0) continue;
    const [{ open, focused, inside }] = left.splice(place, 1);
    if (open) openFold(each);
    else each.open = false;
    if (focused) each.querySelector("summary").focus({ preventScroll: true });
    restoreFolds(each, inside);
  }
}

function titleOfFold(details) {
  return details.querySelector("summary").firstChild.textContent;
}

/** What the reader has opened, each with all that is in it. */
function foldsOpenedByReader(root) {
  const opened = [...root.querySelectorAll(".folding[open][data-at-first=closed]")];
  return opened.filter((each) => !opened.some((other) => other !== each && other.contains(each)));
}
