// The page, put together from its story.

/** What the page shows, and where more of it comes from. */
const page = {
  story: JSON.parse(document.getElementById("story").textContent),
  live: document.body.dataset.live,
  demo: document.body.dataset.demo, // the last demo's page, where this one is served
  client: document.body.dataset.client, // the banking client's application
  wanted: location.hash, // what the address names, until it has happened
};

function start() {
  const head = document.getElementById("head");
  head.append(toolbar(page.live), introduction(page.story, page.live));
  document.body.append(searchBox());
  const short = page.live ? null : overview(page.story);
  if (short) head.append(short);
  chosenPane(document.getElementById("chosen"));
  drawPicture();
  connect();
  if (location.hash) history.scrollRestoration = "manual";
  choose(location.hash, { history: "" });
  if (page.live) listen(page.live);
}

/** Draw all acts, the first of them unfolded. */
function drawPicture() {
  const picture = document.getElementById("picture");
  const acts = document.createDocumentFragment();
  page.story.acts.forEach((act, n) => {
    const section = actElement(page.story, act);
    if (n > 0 && !page.live) setFolded(section, true);
    acts.append(section);
  });
  if (page.story.acts.length === 0 && page.live) acts.append(nothingYet());
  picture.replaceChildren(acts);
  document.getElementById("acts-list").replaceChildren(...page.story.acts.map(actEntry));
  nameFolding();
}

function connect() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.getElementById("picture").addEventListener("click", onPictureClick);
  // Text that is found in a folded act unfolds it.
  document.addEventListener("beforematch", (event) => {
    setFolded(event.target.closest(".act"), false);
    nameFolding();
  });
  document.getElementById("fold-all").addEventListener("click", foldAll);
  addEventListener("popstate", () => choose(location.hash, { history: "" }));
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  const menu = document.getElementById("acts-menu");
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  const follow = document.getElementById("follow");
  if (follow) follow.addEventListener("click", () => setFollowing(!isFollowing()));
}

/** An act's title folds it; all the rest of a step's row chooses the step. */
function onPictureClick(event) {
  const fold = event.target.closest(".fold");
  if (fold) {
    const section = fold.closest(".act");
    setFolded(section, !section.classList.contains("folded"));
    nameFolding();
    return;
  }
  const row = event.target.closest(".step");
  const selecting = String(getSelection()) !== "";
  if (!row || selecting || event.target.closest("a, button")) return;
  choose(`#${row.id}`, { history: "push", focus: true });
}

function foldAll() {
  const acts = [...document.querySelectorAll(".act")];
  const folded = acts.every((section) => !section.classList.contains("folded"));
  for (const section of acts) setFolded(section, folded);
  nameFolding();
}

/** The button says what it will do. */
function nameFolding() {
  const some = document.querySelector(".act.folded") !== null;
  document.getElementById("fold-all").lastChild.textContent = some ? "Unfold all" : "Fold all";
}

function setFollowing(on) {
  document.getElementById("follow").setAttribute("aria-pressed", String(on));
  if (on) go("last");
}

function refreshHead() {
  document.getElementById("summary").replaceWith(summary(page.story));
  document.getElementById("acts-list").replaceChildren(...page.story.acts.map(actEntry));
  nameFolding();
}

start();
