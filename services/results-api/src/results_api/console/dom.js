// Build elements. Text always becomes a text node: nothing in the console parses data as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Create an HTML element. `on...` attributes are listeners; null, false and undefined are left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Create an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Return an element for text in a language of its own: direction by its letters, Japanese marked as such. */
export function text(tag, content, attributes = {}) {
  const japanese = /[\u3040-\u30ff]/.test(content) ? "ja" : null;
  return h(tag, { dir: "auto", lang: japanese, ...attributes }, content);
}

let counter = 0;

/** Return an id that no other element has. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
