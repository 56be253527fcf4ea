// What can be searched for: of each step, check and rule the words by which it is found.

const LONGEST_FACET = 20000; // characters of one text that are searched

/**
 * @param {object} story
 * @returns {{address: string, kind: string, title: string, facets: [string, string, string][]}[]}
 *     each facet its name, its text as it is shown, and the same in lower case
 */
function searchIndex(story) {
  const decisions = [...decisionsOfStory(story)];
  const checks = new Map(decisions.filter(({ name }) => name).map((each) => [each.name, each]));
  const rules = new Set([...citedInStory(story)].filter(Boolean));
  return [
    ...allSteps(story).map((step) => entry(stepAddress(step), step.number, step.title, stepFacets(story, step))),
    ...[...checks].map(([name, { rule }]) => entry(checkAddress(name), "check", name, [["rule", rule]])),
    ...[...rules].map((rule) => entry(ruleAddress(rule), "rule", rule, [["rule", ruleOf(story, rule).sentence]])),
  ];
}

function entry(address, kind, title, facets) {
  const all = [["", title], ...facets].filter(([, text]) => text)
    .map(([name, text]) => [name, String(text).slice(0, LONGEST_FACET)]);
  return { address, kind, title, facets: all.map(([name, text]) => [name, text, text.toLowerCase()]) };
}

function stepFacets(story, step) {
  return [
    ["name", step.name], ["number", step.number], ["came", step.came], ["rule", step.rule],
    ...[...everyExchange(step.exchanges)].flatMap((exchange) => exchangeFacets(story, exchange)),
    ...(step.derivation || []).map(([name, value]) => [name, value]),
    ["says", step.says]];
}

function exchangeFacets(story, exchange) {
  const { handshake, request, response } = exchange;
  const certificates = [handshake.client_certificate, ...(handshake.client_sent_after || []), handshake.server_certificate];
  return [
    ["client", exchange.client], ["server", exchange.server],
    ["error", isRefused(exchange) && answerName(exchange)],
    ...(exchange.decisions || []).flatMap((each) => [["check", each.name], ["rule", each.rule], ["check", each.check]]),
    ...certificates.filter(Boolean).flatMap((x5t) => [
      ["certificate", certificateName(story, x5t)], ["certificate", x5t], ["certificate", story.certificates?.[x5t]?.subject]]),
    ...(exchange.tokens || []).flatMap((token) => [["token", token.value], ["token", token.bound_to], ["token", token.form]]),
    ["address", exchange.url],
    ...[request, response].filter(Boolean).flatMap((message) => [
      ["line", message.start], ...(message.headers || []).map(([name, value]) => ["header", `${name}: ${value}`]),
      ["body", message.body]])];
}

/**
 * The entries in which every word of a query occurs, those first that say it soonest.
 *
 * @returns {{entry: object, facet: [string, string, string]}[]} with the facet that has
 *     the whole query, or else its first word
 */
function searched(index, query) {
  const whole = query.trim().toLowerCase();
  const words = whole.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = index.flatMap((each) => {
    const rank = (text) => each.facets.findIndex((facet) => facet[2].includes(text));
    const ranks = words.map(rank);
    if (ranks.includes(-1)) return [];
    const at = rank(whole);
    return [{ entry: each, facet: each.facets[at < 0 ? ranks[0] : at], at: at < 0 ? 1000 + ranks[0] : at }];
  });
  return found.sort((one, other) => one.at - other.at);
}
