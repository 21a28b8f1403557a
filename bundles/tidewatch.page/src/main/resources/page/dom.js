// Elements. Text is only ever set as text: label values come from other programs.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; functions become listeners, strings text nodes. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key, value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG element; the presentation attributes are no inline styles. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Sets text only if it changes, so that screen readers do not repeat it. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A table that can be scrolled, with a caption for screen readers; a row is a list of texts or elements. */
export function table(caption, heads, rows, attributes = {}) {
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      attributes,
      h('caption', { class: 'hidden' }, caption),
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h('tr', {}, row.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', { 'data-head': heads[i], class: cell === '–' ? 'none' : null }, cell)))),
        ),
      ),
    ),
  );
}

/** Characters that do not fit into a narrow fact. */
const LONG = 40;

/** Terms and their values. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.map(([term, value]) => h('div', { class: value instanceof Node || value.length > LONG ? 'broad' : null }, h('dt', {}, term), h('dd', {}, value))));
}
