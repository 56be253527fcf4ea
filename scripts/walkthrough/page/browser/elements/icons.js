// The signs of the page, drawn with a few lines each.

const SVG = "http://www.w3.org/2000/svg";

// Each drawn in a square of 24 by 24, with lines of 2.
const ICONS = {
  browser: ["M3 5h18v14H3z", "M3 9.5h18", "M6 7.2h.01"],
  client: ["M4 5h16v11H4z", "M9 20h6", "M12 16v4"],
  thief: ["M3 9c3-2 15-2 18 0 0 6-5 8-7 5.5-1-1.3-3-1.3-4 0C8 17 3 15 3 9z", "M8 10.7h1", "M15 10.7h1"],
  as: ["M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z", "M12 10v5", "M12 9.5h.01"],
  rs: ["M3 10l9-6 9 6z", "M6 10v8", "M12 10v8", "M18 10v8", "M3 20h18"],
  passed: ["M5 12.5l4.5 4.5L19 7"],
  refused: ["M6 6l12 12", "M18 6L6 18"],
  held: ["M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z", "M8.5 12l2.5 2.5 4.5-5"],
  wrong: ["M12 3l10 18H2z", "M12 9.5v5", "M12 17.5h.01"],
  linked: ["M10 8H7a4 4 0 0 0 0 8h3", "M14 8h3a4 4 0 0 1 0 8h-3", "M8.5 12h7"],
  broken: ["M9 8H7a4 4 0 0 0 0 8h2", "M15 8h2a4 4 0 0 1 0 8h-2", "M11 4l.7 3", "M15 3.5l-1.2 3", "M13 20l-.7-3", "M9 20.5l1.2-3"],
  unbound: ["M12 6.5H8.5a5.5 5.5 0 0 0 0 11H12", "M15 12h.01", "M18.5 12h.01", "M22 12h.01"],
  uncompared: ["M3 12c4-6.7 14-6.7 18 0-4 6.7-14 6.7-18 0z", "M12 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z", "M5 20L19 4"],
  unlocked: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 6.6-1.6"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  note: ["M5 4h14v16H5z", "M8.5 9h7", "M8.5 13h7"],
  next: ["M9 5l7 7-7 7"],
  previous: ["M15 5l-7 7 7 7"],
  link: ["M10 14l4-4", "M8.5 10.5l-2 2a3.9 3.9 0 0 0 5 5l2-2", "M15.5 13.5l2-2a3.9 3.9 0 0 0-5-5l-2 2"],
  filter: ["M3.5 5h17l-6.5 8v6l-4-2.5V13z"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M15.3 15.3L20.5 20.5"],
  unfold: ["M7 9l5-5 5 5", "M7 15l5 5 5-5"],
  theme: ["M12 4a8 8 0 1 0 0 16z", "M12 4a8 8 0 0 1 0 16"],
};

/**
 * A sign, which says nothing to those who listen: say it in words beside it.
 *
 * @param {keyof ICONS} name
 */
function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  for (const line of ICONS[name] || []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    drawing.appendChild(path);
  }
  return drawing;
}
