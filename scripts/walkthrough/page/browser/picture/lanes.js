// The lanes of an act: who takes part, and where each is drawn.

const LANES = ["browser", "client", "thief", "as", "rs"];
const LANE_TITLES = {
  browser: ["Browser"],
  client: ["Client"],
  thief: ["Thief"],
  as: ["Authorization server", "AS"],
  rs: ["Resource server", "RS"],
};

/**
 * The lanes that the steps of an act use, from left to right, with the names in each.
 *
 * @returns {{lane: string, names: string[]}[]}
 */
function lanesOf(story, act) {
  const names = new Map(LANES.map((lane) => [lane, new Set()]));
  const used = new Set();
  const look = (exchange) => {
    note(exchange.client_lane, isServer(exchange.client_lane) ? "" : clientName(story, exchange));
    note(exchange.server_lane, exchange.server);
    (exchange.nested || []).forEach(look);
  };
  const note = (lane, name) => {
    used.add(lane);
    if (name) names.get(lane).add(name);
  };
  for (const step of act.steps) (step.exchanges || []).forEach(look);
  return LANES.filter((lane) => used.has(lane))
    .map((lane) => ({ lane, names: ownNames(lane, [...names.get(lane)]) }));
}

/** No caption says twice what is there: `as` is the authorization server. */
function ownNames(lane, names) {
  return names.length === 1 && names[0] === lane ? [] : names;
}

/** The lanes as one text, to see whether there are others now. */
function laneNames(lanes) {
  return lanes.map(({ lane }) => lane).join(" ");
}

/** Where the middle of a lane is: 0 is the left edge of the picture, 1 the right one. */
function middleOf(lanes, lane) {
  const place = lanes.findIndex((each) => each.lane === lane);
  return (Math.max(place, 0) + 0.5) / Math.max(lanes.length, 1);
}

function isServer(lane) {
  return lane === "as" || lane === "rs";
}

/** The row of captions, which stays in sight while the act is read. */
function laneCaptions(lanes) {
  return el("ul", { class: "lanes", "aria-label": "Who takes part" },
    lanes.map(({ lane, names }) =>
      el("li", { class: `lane lane-${lane}` },
        el("span", { class: "lane-title" }, icon(lane), " ", laneTitle(lane, names)),
        el("span", { class: "lane-names", title: names.join(", ") }, shortList(names)))));
}

/** A twin is captioned as one: it is not the server that it stands for. */
function laneTitle(lane, names) {
  const twin = names.length > 0 && names.every((name) => name.startsWith("twin-"));
  const [long, short] = LANE_TITLES[lane];
  if (!short) return long;
  if (twin) return [`Twin ${short}`, unseen(`, a twin of the ${long.toLowerCase()}`)];
  return [
    el("span", { class: "long-title" }, long),
    el("span", { class: "short-title" }, el("abbr", { title: long }, short)),
  ];
}

/** The names, and what tells one from another never cut off; of many the first. */
function shortList(names) {
  const whole = (name, after = "") => el("span", { class: "lane-name" }, chipName(name), after);
  if (names.length <= 2) return names.map((name, n) => [n > 0 && " ", whole(name, n + 1 < names.length && ",")]);
  return [whole(names[0]), ` and ${names.length - 1} more`];
}
