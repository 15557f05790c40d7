// Makes the elements of a page out of plain words, so that nothing a person or a card says is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; a function under `on…` listens, true sets a bare attribute, null leaves one out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, given] of Object.entries(attributes)) {
    if (given === null || given === undefined || given === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), given);
    else made.setAttribute(key, given === true ? "" : given);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A value from a list, a card or a clock: isolated, because a date after an Arabic name is else shown reversed. */
export function value(text, attributes = {}) {
  return element("bdi", attributes, String(text));
}

/** A date, a number or a reference: always left to right. */
export function figure(text, attributes = {}) {
  return element("bdi", { dir: "ltr", ...attributes }, String(text));
}

/** A sentence with places in braces, each filled with an isolated value: `said("{n} of {m}", {n: 1, m: 2})`. */
export function said(sentence, facts = {}) {
  return sentence.split(/(\{[a-z_]+\})/).map((part) => {
    const name = /^\{([a-z_]+)\}$/.exec(part)?.[1];
    return name && name in facts ? value(facts[name]) : part;
  });
}

/** A drawing out of one path, hidden from readers of the screen: the word beside it says the same. */
export function shape(paths, attributes = {}) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [key, given] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", ...attributes }))
    drawing.setAttribute(key, given);
  for (const path of paths) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    drawing.append(line);
  }
  return drawing;
}
