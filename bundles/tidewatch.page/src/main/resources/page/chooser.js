// The list of all series, with a filter; chosen ones are drawn.
import { h, setText } from './dom.js';
import { duration, moment, value } from './format.js';

/** Rows at once; the filter finds the others. */
const MOST_ROWS = 200;

/** Series drawn at once: more make a query too long. */
const MOST_CHOSEN = 16;

/** Whether every word of a filter is in the name, labels, unit or help of a series. */
function matches(series, words) {
  const text = `${series.name} ${series.labels} ${series.unit} ${series.help ?? ''} ${series.text ? series.value : ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The chooser; it stays the same element while the page lives. */
export class Chooser {
  /** @param choose called with the keys of the chosen series */
  constructor(catalog, choose) {
    this.catalog = catalog;
    this.choose = choose;
    this.chosen = [];
    this.rows = new Map();
    this.filter = h('input', { type: 'search', id: 'filter', placeholder: 'temperature, wwan0, sent …', autocomplete: 'off', spellcheck: 'false', input: () => this.list() });
    this.count = h('p', { class: 'note', role: 'status', id: 'found' });
    this.none = h('button', { type: 'button', id: 'none', click: () => this.choose([]) }, 'Draw none');
    this.body = h('tbody', {});
    const heads = ['Series', 'Newest', 'Time', 'Meaning'].map((head) => h('th', { scope: 'col' }, head));
    this.element = h(
      'div',
      { class: 'chooser' },
      h('div', { class: 'group' }, h('label', { for: 'filter' }, 'Search name, label or meaning'), this.filter, this.none),
      this.count,
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Series' }, h('table', { class: 'series stack' }, h('thead', {}, h('tr', {}, heads)), this.body)),
    );
  }

  all() {
    return this.catalog.known().sort((a, b) => a.key.localeCompare(b.key));
  }

  /** Builds the rows anew: another filter, other series. */
  list() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.all();
    const found = all.filter((series) => matches(series, words));
    const shown = found.slice(0, MOST_ROWS);
    const more = found.length > shown.length ? `; the first ${shown.length} are shown, type more to narrow` : '';
    setText(this.count, `${found.length} of ${all.length} series${more}. ${this.chosen.length} drawn, at most ${MOST_CHOSEN}.`);
    this.known = all.length;
    const before = this.rows;
    this.rows = new Map(shown.map((series) => [series.key, before.get(series.key) ?? this.row(series)]));
    this.body.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    this.fill();
  }

  row(series) {
    const box = h('input', { type: 'checkbox', change: () => this.toggle(series.key, box.checked) });
    const amount = h('td', { class: 'amount' });
    const time = h('td', { class: 'amount' });
    const name = h('label', {}, series.text ? null : box, h('span', { class: 'name' }, series.name), series.labels ? h('span', { class: 'labels' }, ` ${series.labels}`) : null);
    const element = h('tr', {}, h('th', { scope: 'row' }, name), amount, time, h('td', { class: 'help' }, series.help ?? ''));
    return { element, box, amount, time };
  }

  /** Fills in the newest values. */
  fill() {
    for (const series of this.catalog.known()) {
      const row = this.rows.get(series.key);
      if (!row) {
        continue;
      }
      const shown = series.text ? String(series.value ?? '–') : typeof series.value === 'number' ? value(series.value, series.unit) : '–';
      setText(row.amount, shown);
      const age = this.catalog.present() - series.time;
      setText(row.time, series.time === null ? 'earlier' : this.catalog.isFresh(series) ? `${duration(Math.max(0, Math.round(age)))} ago` : moment(series.time, this.catalog.time));
      row.element.classList.toggle('stale', series.time === null || !this.catalog.isFresh(series));
      row.box.checked = this.chosen.includes(series.key);
      row.box.disabled = !row.box.checked && this.chosen.length >= MOST_CHOSEN;
    }
  }

  update(chosen) {
    const changed = chosen.join('\n') !== this.chosen.join('\n');
    this.chosen = chosen;
    this.none.disabled = chosen.length === 0;
    if (changed || this.all().length !== this.known) {
      this.list();
    } else {
      this.fill();
    }
  }

  toggle(key, on) {
    this.choose(on ? [...this.chosen, key] : this.chosen.filter((other) => other !== key));
  }
}
