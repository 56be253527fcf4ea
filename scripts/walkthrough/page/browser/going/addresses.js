// What an address names: a step, by number or by name, an act, a check or a rule.

function stepAddress(step) {
  return `#step-${step.number}`;
}

function checkAddress(name) {
  return `#check-${slug(name)}`;
}

function ruleAddress(rule) {
  return `#rule-${slug(rule)}`;
}

function slug(name) {
  return String(name).replace(/[^\w.]+/g, "-");
}

/**
 * What an address names, or null.
 *
 * @returns {{act?: object, step?: object | null, check?: string, rule?: string} | null}
 */
function findChosen(address) {
  const [, kind, name] = /^#(?:(step|act|check|rule)-)?(.+)$/.exec(address) || [];
  if (kind === "act") return actThat((each) => String(each.number) === name);
  if (kind === "check") return firstOf(decisionsOfStory(page.story), (each) => each.name, checkAddress, address, "check");
  if (kind === "rule") return firstOf(citedInStory(page.story), (each) => each, ruleAddress, address, "rule");
  if (kind === "step") return stepThat((each) => each.number === name);
  return name ? stepNamed(name) || actThat((each) => each.name === name) : null;
}

function actThat(is) {
  const act = page.story.acts.find(is);
  return act ? { act, step: null } : null;
}

function stepNamed(name) {
  return stepThat((each) => each.name === name);
}

function stepThat(is) {
  for (const act of page.story.acts) {
    const step = act.steps.find(is);
    if (step) return { act, step };
  }
  return null;
}

function firstOf(all, nameOf, addressed, address, kind) {
  for (const each of all) if (nameOf(each) && addressed(nameOf(each)) === address) return { [kind]: nameOf(each) };
  return null;
}

/** The canonical address of what was found. */
function addressOfChosen({ act, step, check, rule }) {
  if (check) return checkAddress(check);
  if (rule) return ruleAddress(rule);
  return step ? stepAddress(step) : `#act-${act.number}`;
}

/** Every decision of every step. */
function* decisionsOfStory(story) {
  for (const step of allSteps(story)) yield* decisionsOfStep(step);
}

/** Every decision of a step, also of what a server asked another. */
function* decisionsOfStep(step) {
  for (const exchange of everyExchange(step.exchanges)) yield* exchange.decisions || [];
}

/** Exchanges, each followed by those within it. */
function* everyExchange(exchanges) {
  for (const exchange of exchanges || []) {
    yield exchange;
    yield* everyExchange(exchange.nested);
  }
}

/** Every rule that a step or a decision of it names. */
function* citedInStory(story) {
  for (const step of allSteps(story)) {
    yield step.rule;
    for (const decision of decisionsOfStep(step)) yield decision.rule;
  }
}

function wholeAddress(address) {
  return location.href.split("#")[0] + address;
}

/** A sign that copies the address of something. */
function copyLink(address, what) {
  return copyButton(() => wholeAddress(address), `Copy link to ${what}`, "link", { terse: true });
}
