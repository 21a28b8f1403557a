// The sections of a view: facts, tables and plots; kept while the view stays.
import { byId, h } from './dom.js';
import { componentTable, deviceFacts, interfaceTable, uplinkFacts } from './facts.js';
import { entriesOf } from './panels.js';
import { Plot } from './plots.js';

/** What a section without series says. */
const EMPTY = {
  programs: 'No other program delivers metrics. See docs/own-metrics.md: scrape, textfile and exec collectors.',
};

export class View {
  constructor(page) {
    this.page = page;
    this.plots = new Map();
    this.sections = new Map();
  }

  clear() {
    this.plots.forEach((plot) => plot.destroy());
    this.plots.clear();
    this.sections.clear();
    byId('main').replaceChildren(h('p', { class: 'note' }, 'The agent is asked.'));
  }

  update(sections, data, events, now) {
    const parts = sections.map((section) => this.section(section));
    const main = byId('main');
    if (parts.length !== main.children.length || parts.some((part, i) => part.element !== main.children[i])) {
      main.replaceChildren(...parts.map(({ element }) => element));
    }
    const used = new Set();
    sections.forEach((section, i) => {
      this.fillFacts(section, parts[i], data, now);
      const plots = section.panels.map((panel) => this.plot(panel, data, events, now)).filter(Boolean);
      plots.forEach((plot) => used.add(plot.panel.id));
      this.place(parts[i].plots, plots);
    });
    for (const [id, plot] of this.plots) {
      if (!used.has(id)) {
        plot.destroy();
        this.plots.delete(id);
      }
    }
    if (this.page.searching) {
      this.page.searching = false;
      this.focusFilter();
    }
  }

  section({ id, title }) {
    if (!this.sections.has(id)) {
      const facts = h('div', { class: 'above' });
      const plots = h('div', { class: 'plots' });
      const name = `section-${id}`;
      const element = h('section', { class: 'part', 'aria-labelledby': name, 'data-section': id }, h('h2', { id: name }, title), facts, plots);
      this.sections.set(id, { element, facts, plots });
    }
    return this.sections.get(id);
  }

  fillFacts({ id, panels, left }, { facts }, data, now) {
    const { catalog, health, today, chooser, place } = this.page;
    switch (id) {
      case 'uplink':
        return this.replace(facts, uplinkFacts(catalog, health, data, today));
      case 'device':
        return this.replace(facts, deviceFacts(catalog));
      case 'network':
        return this.replace(facts, interfaceTable(catalog, data));
      case 'collectors':
        return this.replace(facts, componentTable(health, now));
      case 'series':
        chooser.update(place.chosen);
        if (facts.firstChild !== chooser.element) {
          facts.replaceChildren(chooser.element);
        }
        return undefined;
      default: {
        const text = panels.length ? (left > 0 ? `${left} more metrics are under "Series".` : '') : (EMPTY[id] ?? '');
        return this.replace(facts, text ? h('p', { class: 'note' }, text) : '');
      }
    }
  }

  /** Replaces what has changed; the scroll position and the focus stay. */
  replace(parent, child) {
    const text = typeof child === 'string' ? child : child.outerHTML;
    if (parent.shown === text) {
      return;
    }
    const scrolled = parent.querySelector('.scroll')?.scrollLeft ?? 0;
    const focused = parent.contains(document.activeElement);
    parent.shown = text;
    parent.replaceChildren(child);
    const table = parent.querySelector('.scroll');
    if (table) {
      table.scrollLeft = scrolled;
      if (focused) {
        table.focus({ preventScroll: true });
      }
    }
  }

  plot(panel, data, events, now) {
    const entries = entriesOf(panel, data);
    const keep = panel.id.startsWith('chosen') || ['cpu', 'memory', 'sent', 'pending'].includes(panel.id);
    if (!entries.length && !keep) {
      return null;
    }
    let plot = this.plots.get(panel.id);
    if (!plot) {
      plot = new Plot(panel, (from, to) => this.page.zoom(from, to));
      this.plots.set(panel.id, plot);
    }
    plot.panel = panel;
    plot.pending = () => plot.update(entries, data, this.page.place.range, events, now);
    return plot;
  }

  /** Places the plots first: a uPlot takes its width from the place. */
  place(parent, plots) {
    if (plots.length !== parent.children.length || plots.some((plot, i) => plot.element !== parent.children[i])) {
      parent.replaceChildren(...plots.map((plot) => plot.element));
    }
    plots.forEach((plot) => plot.pending());
  }

  focusFilter() {
    byId('filter')?.focus();
  }

  redraw() {
    this.plots.forEach((plot) => plot.draw());
  }
}
