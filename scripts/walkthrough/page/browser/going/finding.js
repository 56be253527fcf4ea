// What a query finds: every word of it, whatever its ending, the most telling first.

const WORDS_APART = 10; // beyond every rank: the words occur, and not as one phrase

/**
 * The entries in which every word of a query occurs. Those come first that have it where
 * most is told by it; a title that is the query comes before all.
 *
 * A word is looked for at the beginnings of words, and anywhere if that finds nothing.
 *
 * @returns {{entry: object, facet: any[], text: string}[]} with the facet that has the
 *     whole query, or else its first word, and what it has
 */
function searched(index, query) {
  const whole = query.trim().toLowerCase();
  const words = whole.split(/[\s,]+/).filter(Boolean).map(stemOf);
  if (words.length === 0) return [];
  for (const has of [hasWordWith, (text, word) => text.includes(word)]) {
    const found = index.flatMap((each) => foundIn(each, whole, words, has));
    if (found.length > 0) return found.sort((one, other) => one.rank - other.rank);
  }
  return [];
}

function foundIn(each, whole, words, has) {
  const best = (text) => each.facets.filter((facet) => has(facet[2], text))
    .reduce((one, other) => (one && one[3] <= other[3] ? one : other), null);
  const facets = words.map(best);
  if (facets.includes(null)) return [];
  if (each.title.toLowerCase() === whole) return [{ entry: each, facet: each.facets[0], text: whole, rank: -1 }];
  for (const text of [whole, words.join(" ")]) {
    const facet = best(text);
    if (facet) return [{ entry: each, facet, text, rank: facet[3] }];
  }
  const rank = WORDS_APART + facets.reduce((sum, facet) => sum + facet[3], 0);
  return [{ entry: each, facet: facets[0], text: words[0], rank }];
}

/** Whether a word in a text begins so; what begins with a sign may stand anywhere. */
function hasWordWith(text, beginning) {
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    if (at === 0 || !/[a-z]/.test(text[at - 1]) || !/^[a-z]/.test(beginning)) return true;
  }
  return false;
}

/** A word without its ending: proxies, ports, caching, eavesdropping. Names stay whole. */
function stemOf(word) {
  if (!/^[a-z]{4,}$/.test(word)) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  if (word.length < 7) return word;
  return word.replace(/([b-df-hj-np-tv-z])\1(?:ing|ed)$/, "$1").replace(/(?:ing|ed)$/, "");
}
