// What can be searched for: of each step, check and rule the words by which it is found.

const LONGEST_FACET = 20000; // characters of one text that are searched

/** What a text tells of its step: its own words tell most, what crossed the wire least. */
const RANK = { title: 0, words: 1, says: 2, told: 3, about: 4, wire: 5 };

/** Header fields that nobody looks for a step by: all answers have them. */
const NOT_SEARCHED = new Set(["cache-control", "pragma"]);

/**
 * @param {object} story
 * @returns {{address: string, kind: string, title: string, facets: [string, string, string, number][]}[]}
 *     each facet its name, its text as it is shown, the same in lower case, its rank
 */
function searchIndex(story) {
  const decisions = [...decisionsOfStory(story)];
  const checks = new Map(decisions.filter(({ name }) => name).map((each) => [each.name, each]));
  const rules = new Set([...citedInStory(story)].filter(Boolean));
  return [
    ...[...checks].map(([name, { rule }]) =>
      entry(checkAddress(name), "check", name, [["", name, RANK.told], ["rule", rule, RANK.about]])),
    ...[...rules].map((rule) =>
      entry(ruleAddress(rule), "rule", rule, [["", rule, RANK.told], ["rule", ruleOf(story, rule).sentence, RANK.about]])),
    ...allSteps(story).map((step) =>
      entry(stepAddress(step), step.number, step.title, [["", step.title, RANK.title], ...stepFacets(story, step)])),
  ];
}

function entry(address, kind, title, facets) {
  const all = facets.filter(([, text]) => text)
    .map(([name, text, rank]) => [name, String(text).slice(0, LONGEST_FACET), rank]);
  return { address, kind, title, facets: all.map(([name, text, rank]) => [name, text, text.toLowerCase(), rank]) };
}

function stepFacets(story, step) {
  return [
    ["name", step.name, RANK.words], ["number", step.number, RANK.words], ["in other words", step.words, RANK.words],
    ["says", step.says, RANK.says], ["came", step.came, RANK.told], ["rule", step.rule, RANK.told],
    ...(step.derivation || []).map(([name, value]) => [name, value, RANK.told]),
    ...[...everyExchange(step.exchanges)].flatMap((exchange) => exchangeFacets(story, exchange))];
}

function exchangeFacets(story, exchange) {
  const { handshake, request, response } = exchange;
  const certificates = [handshake.client_certificate, ...(handshake.client_sent_after || []), handshake.server_certificate];
  const told = [
    ["client", exchange.client], ["server", exchange.server], ["error", isRefused(exchange) && answerName(exchange)],
    ...(exchange.decisions || []).map((each) => ["rule", each.rule])];
  const about = [
    ...(exchange.decisions || []).flatMap((each) => [["check", each.name], ["check", each.check]]),
    ...certificates.filter(Boolean).flatMap((x5t) => [
      ["certificate", certificateName(story, x5t)], ["certificate", x5t], ["certificate", story.certificates?.[x5t]?.subject]])];
  const wire = [
    ...(exchange.tokens || []).flatMap((token) => [["token", token.value], ["token", token.bound_to], ["token", token.form]]),
    ["address", exchange.url],
    ...[request, response].filter(Boolean).flatMap((message) => [
      ["line", message.start], ...searchedFields(message).map(([name, value]) => ["header", `${name}: ${value}`]),
      ["body", message.body]])];
  return [[told, RANK.told], [about, RANK.about], [wire, RANK.wire]]
    .flatMap(([facets, rank]) => facets.map(([name, text]) => [name, text, rank]));
}

function searchedFields({ headers = [] }) {
  return headers.filter(([name]) => !NOT_SEARCHED.has(name.toLowerCase()));
}
