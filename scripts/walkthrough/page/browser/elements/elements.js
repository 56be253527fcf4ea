// Making elements. Text is always text: nothing in these scripts reads markup.

/**
 * An element with attributes and children.
 *
 * An attribute that is null, undefined or false is left out, true is written as an empty
 * one, and a function (`onclick`) becomes a listener. `vars` are custom properties of
 * its style. Children are elements, strings, numbers or lists of them; nothing comes
 * of null, undefined and false.
 *
 * @param {string} tag
 * @param {Object<string, any>} [attributes]
 * @param {...any} children
 * @returns {HTMLElement}
 */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    setAttribute(element, name, value);
  }
  append(element, children);
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") {
    element.addEventListener(name.slice(2), value);
  } else if (name === "vars") {
    for (const [each, it] of Object.entries(value)) element.style.setProperty(each, it);
  } else {
    element.setAttribute(name, value === true ? "" : value);
  }
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.appendChild(child);
    else if (child !== null && child !== undefined && child !== false) {
      element.appendChild(document.createTextNode(String(child)));
    }
  }
}

/**
 * What *draw* makes of a step. One that cannot be drawn is in no other's way: it is said
 * in its place, and on the console why.
 */
function unlessItFails(step, draw) {
  try {
    return draw();
  } catch (error) {
    console.error(`Step ${step.number} cannot be drawn.`, error);
    return el("p", { class: "failure" }, "This step cannot be drawn. The browser's console says why.");
  }
}

/** Text for those who listen to the page. */
function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** Say something to those who listen, when they are not listening to anything else. */
function announce(text) {
  const region = document.getElementById("announcements");
  if (region) region.textContent = text;
}
