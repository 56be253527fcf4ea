// Copying a text to the clipboard.

/**
 * A button that copies a text, or what a function gives when it is pressed.
 *
 * @param {string | (() => string)} textOrFunction
 * @param {string} label
 * @param {string} [sign] what stands for the label where there is no room for it
 * @param {{terse?: boolean}} [how] *terse*: there never is
 */
function copyButton(textOrFunction, label, sign = "", { terse = false } = {}) {
  const said = el("span", { class: terse && "unseen" }, label);
  const kind = terse ? "copy terse" : sign ? "copy signed" : "copy";
  const button = el("button", { type: "button", class: kind, title: terse && label }, sign && icon(sign), said);
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const text = typeof textOrFunction === "function" ? textOrFunction() : textOrFunction;
    const done = await copied(text);
    said.textContent = done ? "Copied" : "Could not copy";
    button.classList.toggle("copied", done);
    announce(said.textContent);
    setTimeout(() => {
      said.textContent = label;
      button.classList.remove("copied");
    }, 1600);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** How it is done where the clipboard's own interface is closed to the page. */
function copiedBySelection(text) {
  const area = el("textarea", { class: "unseen", readonly: true });
  area.value = text;
  document.body.appendChild(area);
  const before = document.activeElement;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
