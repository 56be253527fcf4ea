// Searching: a box, what is found under it, and the keys to get there.

const MOST_FOUND = 40;

let searchable = { revision: null, index: [] };

function searchButton() {
  return el("button", { type: "button", id: "search", class: "signed", onclick: openSearch, "aria-keyshortcuts": "/" },
    icon("search"), el("span", {}, "Search"), el("kbd", { "aria-hidden": "true" }, "/"));
}

/** Made once, closed. */
function searchBox() {
  const found = el("ul", { id: "found", role: "listbox", "aria-label": "What was found" });
  const field = el("input", { type: "search", id: "query", role: "combobox", "aria-expanded": "false", "aria-controls": "found",
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
    placeholder: "client, token, header, RFC section, error" });
  const dialog = el("dialog", { id: "finding", "aria-label": "Search" },
    el("div", { class: "finding-head" }, el("label", { for: "query" }, unseen("Search")), field,
      el("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    el("p", { id: "found-count", role: "status" }), found);
  field.addEventListener("input", () => showFound(field.value));
  dialog.addEventListener("keydown", onSearchKey);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  found.addEventListener("click", (event) => goToFound(event.target.closest("[role=option]")));
  return dialog;
}

function openSearch() {
  if (searchable.revision !== (page.story.revision ?? 0)) {
    searchable = { revision: page.story.revision ?? 0, index: searchIndex(page.story) };
  }
  document.getElementById("finding").showModal();
  const field = document.getElementById("query");
  field.select();
  showFound(field.value);
}

function showFound(query) {
  const all = searched(searchable.index, query);
  const options = all.slice(0, MOST_FOUND).map(({ entry, facet, text }, n) => el("li", { role: "option", id: `found-${n}`,
    "aria-selected": String(n === 0), "data-address": entry.address },
  el("span", { class: "found-kind" }, entry.kind), " ", el("span", { class: "found-title" }, entry.title),
  facet[0] && el("span", { class: "found-facet" }, `${facet[0]}: `, el("code", {}, excerptOf(facet, text)))));
  document.getElementById("found").replaceChildren(...options);
  document.getElementById("found-count").textContent = countInWords(query, all.length);
  const field = document.getElementById("query");
  field.setAttribute("aria-expanded", String(options.length > 0));
  select(options[0]);
}

function countInWords(query, count) {
  if (query.trim() === "") return "Arrow keys choose, Enter goes there.";
  if (count === 0) return "Nothing has these words.";
  return count > MOST_FOUND ? `The first ${MOST_FOUND} of ${count}` : `${count} found`;
}

/** What stands around that which was found. */
function excerptOf([, text, lower], found) {
  const at = lower.indexOf(found);
  const start = Math.max(at - 24, 0);
  return `${start > 0 ? "…" : ""}${text.slice(start, at + 60)}${at + 60 < text.length ? "…" : ""}`;
}

function select(option) {
  document.querySelector("#found [aria-selected=true]")?.setAttribute("aria-selected", "false");
  const field = document.getElementById("query");
  if (!option) return void field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function onSearchKey(event) {
  event.stopPropagation();
  const now = document.querySelector("#found [aria-selected=true]");
  if (event.target.id !== "query" || !now) return;
  if (event.key === "Enter") return void goToFound(now);
  const next = { ArrowDown: now.nextElementSibling, ArrowUp: now.previousElementSibling }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  select(next || now);
}

function goToFound(option) {
  if (!option) return;
  document.getElementById("finding").close();
  choose(option.dataset.address, { history: "push", focus: true });
}
