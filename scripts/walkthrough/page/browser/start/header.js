// The head of the page: what it is, how it came out, where to go.

/** The first screen's words: what one sees, when it was made, how it came out. */
function introduction(story, live) {
  return el("div", { class: "introduction" },
    el("h1", {}, "OAuth 2.0 mutual TLS, as it happened"),
    el("p", { class: "lead" },
      "A client proves who it is with a certificate, and its tokens work with that ",
      "certificate alone. This is RFC 8705, drawn from what the nodes recorded."),
    el("p", { class: "made" }, summary(story),
      el("span", { class: "made-at" }, live
        ? ["while it happens; or ", el("a", { href: page.demo }, "as the last demo had it")]
        : story.made_at)),
    el("details", { class: "how" },
      el("summary", {}, "How to read the picture"), legend(), howToPrint()),
    whoIsWho(story.who || []));
}

/** The terms that whoever does not know OAuth meets first; folded, they are named. */
function whoIsWho(terms) {
  return terms.length > 0 && el("details", { class: "who" },
    el("summary", {}, "Who is who ", el("span", { class: "who-names" }, terms.map(([term]) => term).join(", "))),
    el("dl", {}, terms.map(([term, text]) => el("div", {}, el("dt", {}, term), el("dd", {}, text)))));
}

/** Whether everything came out as the rules say, and what did not. */
function summary(story) {
  const steps = allSteps(story);
  const wrong = steps.filter((step) => !step.passed);
  const count = `${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  if (steps.length === 0) return el("span", { class: "summary", id: "summary" });
  if (wrong.length === 0) {
    return el("span", { class: "summary verdict passed", id: "summary" }, icon("passed"),
      el("span", {}, steps.some((step) => step.expected) ? `${count}, all as the RFCs say` : count));
  }
  return el("span", { class: "summary verdict wrong", id: "summary" }, icon("wrong"),
    el("span", {}, `${wrong.length} of ${count} not as the RFCs say: `,
      wrong.map((step, n) => [n > 0 && ", ",
        el("a", { href: `#step-${step.number}` }, step.number)])));
}

function allSteps(story) {
  return story.acts.flatMap((act) => act.steps);
}

/** The bar that stays in sight: search, the acts to jump to, what is shown, the theme. */
function toolbar(live) {
  return el("div", { class: live ? "toolbar while-it-happens" : "toolbar" },
    el("a", { class: "home", href: "#top" }, icon("held"),
      el("span", { class: "home-name" }, "RFC 8705", el("span", {}, ", as it happened"))),
    searchButton(),
    el("details", { class: "menu", id: "acts-menu" },
      el("summary", {}, "Acts"),
      el("nav", { "aria-label": "Acts" }, el("ol", { id: "acts-list" }))),
    refusalsButton(),
    el("button", { type: "button", id: "fold-all", class: "signed" }, icon("unfold"), el("span", {}, "Unfold all")),
    live && el("button", { type: "button", id: "follow", "aria-pressed": "true" }, "Follow"),
    live && el("span", { class: "live-state", id: "live-state", role: "status", "data-state": "live" }, el("span", {}, "Live")),
    themeButton());
}

/** One entry of the jump list. */
function actEntry(act) {
  return el("li", {}, el("a", { href: `#act-${act.number}` },
    el("span", { class: "act-number" }, act.number), " ", act.title));
}

/** Light or dark: as the system has it until it is chosen here. */
function themeButton() {
  const button = el("button", { type: "button", class: "theme", id: "theme" }, icon("theme"),
    el("span", { class: "theme-name" }));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  const name = () => {
    const other = now() === "dark" ? "Light" : "Dark";
    button.lastChild.textContent = other;
    button.setAttribute("aria-label", `${other} theme`);
  };
  const chosen = kept("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
  dark.addEventListener("change", name);
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = now() === "dark" ? "light" : "dark";
    keep("theme", document.documentElement.dataset.theme);
    name();
  });
  name();
  return button;
}

/** What was kept, if the browser keeps anything for a page from disk. */
function kept(name) {
  try {
    return localStorage.getItem(`walkthrough.${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`walkthrough.${name}`, value);
  } catch {
    // It is not kept, then.
  }
}
