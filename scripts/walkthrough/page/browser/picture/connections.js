// Which requests came by one connection: its handshake was made once, for the first.

/** @type {WeakMap<object, Map<string, {number: string, started: number}>>} */
const connectionsOfStories = new WeakMap();

/** For each connection of a story its first request: the step it is in, and when. */
function connectionsOf(story) {
  let known = connectionsOfStories.get(story);
  if (!known) {
    connectionsOfStories.set(story, (known = new Map()));
    for (const step of allSteps(story)) noteConnections(story, step);
  }
  return known;
}

/** Take in the connections of a step, which is new or another than it was. */
function noteConnections(story, step) {
  const known = connectionsOf(story);
  for (const { connection, started } of everyExchange(step.exchanges)) {
    const first = known.get(connection);
    if (connection && (!first || started < first.started)) known.set(connection, { number: step.number, started });
  }
}

/** What a step that is shown no longer was the first of. */
function forgetConnections(story, step) {
  const known = connectionsOf(story);
  for (const { connection } of everyExchange(step.exchanges)) {
    if (known.get(connection)?.number === step.number) known.delete(connection);
  }
}

/** "the same connection as 2.1", or nothing where this request was its first. */
function sameConnection(story, step, exchange) {
  const first = connectionsOf(story).get(exchange.connection);
  if (!first || first.started === exchange.started) return "";
  return `the same connection as ${first.number === step.number ? "above" : first.number}`;
}
