// One plot: a uPlot with axes in units, marks of events, a legend with values, and a table of values.
import { h, setText, svg, table } from './dom.js';
import { KINDS } from './events.js';
import { clock, moment, number, unitSign, value } from './format.js';
import { marks, shades } from './marks.js';
import { align, plotUnit } from './series.js';
import { splitsOf, timeAxis } from './axes.js';

/** Patterns of lines, so that they can be told apart without colours. */
const DASHES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [5, 3], [14, 4], [2, 6], [9, 3, 2, 3, 2, 3]];

/** Lines of a plot; more cannot be told apart. */
export const MOST_LINES = DASHES.length;

const HEIGHT = 190;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function swatch(line) {
  const stroke = svg('line', { x1: 0, y1: 6, x2: 34, y2: 6, 'stroke-width': 2.5, 'stroke-dasharray': DASHES[line].join(' ') });
  const image = svg('svg', { width: 34, height: 12, class: 'swatch', 'aria-hidden': 'true' }, stroke);
  image.style.color = `var(--line-${line + 1})`;
  return image;
}

const visible = (plot, line) => !plot.hidden.has(line.entry.series.key);

/** A panel on the page, with the plot of its series. */
export class Plot {
  /**
   * @param panel title, unit, bounds of the value axis, and how a series is called
   * @param zoom called with a range that was dragged
   */
  constructor(panel, zoom) {
    this.panel = panel;
    this.zoom = zoom;
    this.hidden = new Set();
    this.lines = [];
    this.legend = h('ul', { class: 'legend' });
    this.canvas = h('div', { class: 'canvas', role: 'img' });
    this.more = h('p', { class: 'note', hidden: true });
    this.values = h('div', {});
    this.details = h('details', { class: 'values', toggle: () => this.showValues() }, h('summary', {}, 'Values'), this.values);
    this.title = h('h3', {}, panel.title);
    this.element = h('section', { class: 'plot', 'data-panel': panel.id }, this.title, this.canvas, this.legend, this.more, this.details);
    this.element.plot = this;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.canvas);
  }

  /** Shows entries of a view's data; the lines are those with the largest newest value if there are too many. */
  update(entries, data, range, events, now) {
    this.data = data;
    this.events = events;
    this.bounds = range.bounds(now);
    this.now = now;
    const shown = entries.slice(0, MOST_LINES);
    this.unit = this.panel.unit ?? (shown.length ? plotUnit(shown[0].series) : '');
    setText(this.title, this.panel.title + (unitSign(this.unit) ? ` (${unitSign(this.unit)})` : ''));
    this.more.hidden = entries.length <= shown.length;
    setText(this.more, `${shown.length} of ${entries.length} series are drawn. The others are under "Series".`);
    const keys = shown.map((entry) => entry.series.key).join('\n');
    this.lines = shown.map((entry, i) => ({ entry, i, label: this.panel.label?.(entry.series) || entry.series.labels || entry.series.name }));
    const columns = align(this.lines.map(({ entry }) => ({ points: entry.points, gap: data.gap(entry) })));
    this.columns = columns;
    if (keys !== this.keys || !this.uplot) {
      this.keys = keys;
      this.draw();
      this.makeLegend();
    } else {
      this.uplot.setData(columns, true);
    }
    this.fillLegend(null);
    this.showValues();
    this.canvas.setAttribute('aria-label', this.summary());
  }

  summary() {
    const [start, end] = this.bounds;
    const lines = this.lines.map((line) => `${line.label} ${value(line.entry.points.at(-1)?.[1], this.unit)}`);
    return `Plot of ${this.panel.title} from ${moment(start, this.now)} to ${clock(end)}. Newest: ${lines.join('; ') || 'no samples'}. Values are in the table.`;
  }

  /** Makes the uPlot anew: other series, another theme. */
  draw() {
    this.uplot?.destroy();
    const width = Math.max(200, this.canvas.clientWidth);
    const text = css('--muted');
    const grid = { stroke: css('--grid'), width: 1 };
    const axis = { stroke: text, font: '12px system-ui, sans-serif', grid, ticks: grid };
    const options = {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        sync: { key: 'tidewatch', setSeries: false, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      },
      scales: { x: { time: true, range: () => this.bounds }, y: { range: (u, low, high) => this.valueRange(low, high) } },
      series: [
        {},
        ...this.lines.map((line) => ({
          label: line.label,
          stroke: css(`--line-${line.i + 1}`),
          width: 1.75,
          dash: DASHES[line.i],
          show: visible(this, line),
          points: { show: (u, i, from, to) => to - from < 3, size: 5 },
        })),
      ],
      axes: [
        { ...axis, values: timeAxis, space: 70, size: 42 },
        { ...axis, size: 70, space: 34, splits: (u, i, low, high) => splitsOf(low, high, this.unit), values: (u, splits) => splits.map((split) => value(split, this.unit)) },
      ],
      hooks: {
        drawClear: [(u) => shades(u, this.events, css)],
        draw: [(u) => marks(u, this.events, css)],
        setSelect: [(u) => this.selected(u)],
        setCursor: [(u) => this.fillLegend(u.cursor.idx ?? null)],
      },
    };
    this.uplot = new window.uPlot(options, this.columns, this.canvas);
  }

  valueRange(low, high) {
    const { min, max } = this.panel;
    if (low === null || low === undefined) {
      return [min ?? 0, max ?? 1];
    }
    const least = min === undefined ? low : Math.min(min, low);
    const most = max === undefined ? high : Math.max(max, high);
    if (least === 0 && most === 0) {
      return [0, 1];
    }
    const room = (most - least || Math.abs(most)) * 0.08;
    return [min === undefined || low < min ? least - room : least, max === undefined || high > max ? most + room : most];
  }

  selected(u) {
    if (u.select.width > 4) {
      const from = u.posToVal(u.select.left, 'x');
      const to = u.posToVal(u.select.left + u.select.width, 'x');
      u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      this.zoom(from, to);
    }
  }

  makeLegend() {
    this.items = this.lines.map((line) => {
      const amount = h('span', { class: 'amount' });
      const button = h(
        'button',
        { type: 'button', 'aria-pressed': String(visible(this, line)), title: 'Show or hide this line', click: () => this.toggle(line, button) },
        swatch(line.i),
        h('span', { class: 'label' }, line.label),
        amount,
      );
      return { item: h('li', {}, button), amount };
    });
    this.legend.replaceChildren(...this.items.map(({ item }) => item));
    if (!this.lines.length) {
      this.legend.replaceChildren(h('li', { class: 'note' }, 'No samples in this range.'));
    }
  }

  toggle(line, button) {
    const { key } = line.entry.series;
    const shown = this.hidden.delete(key);
    if (!shown) {
      this.hidden.add(key);
    }
    button.setAttribute('aria-pressed', String(shown));
    this.uplot.setSeries(line.i + 1, { show: shown });
  }

  /** The values at the cursor, or the newest ones. */
  fillLegend(index) {
    this.items?.forEach(({ amount }, i) => {
      const at = index === null ? this.lines[i]?.entry.points.at(-1)?.[1] : this.columns[i + 1]?.[index];
      setText(amount, value(at, this.unit));
    });
  }

  showValues() {
    if (!this.details.open || !this.lines.length) {
      return;
    }
    const rows = this.lines.map(({ entry, label }) => {
      const numbers = entry.points.map(([, amount]) => amount);
      const last = entry.points.at(-1);
      const shown = [last?.[1], least(numbers), most(numbers)].map((amount) => value(amount, this.unit));
      return [label, ...shown, last ? moment(last[0], this.now) : '–', number(numbers.length)];
    });
    this.values.replaceChildren(table(`Values of ${this.panel.title}`, ['Series', 'Last', 'Min', 'Max', 'Time of last', 'Points'], rows));
  }

  resize() {
    if (this.uplot && this.canvas.clientWidth > 0 && this.uplot.width !== this.canvas.clientWidth) {
      this.uplot.setSize({ width: this.canvas.clientWidth, height: HEIGHT });
    }
  }

  destroy() {
    this.observer.disconnect();
    this.uplot?.destroy();
    this.element.remove();
  }
}

const least = (numbers) => (numbers.length ? numbers.reduce((a, b) => Math.min(a, b)) : null);
const most = (numbers) => (numbers.length ? numbers.reduce((a, b) => Math.max(a, b)) : null);

/** The legend of the marks, as text and signs. */
export function legendOfMarks() {
  return h(
    'ul',
    { class: 'marks' },
    Object.entries(KINDS).map(([kind, { sign, name }]) => h('li', {}, h('span', { class: `sign ${kind}`, 'aria-hidden': 'true' }, sign), name)),
  );
}
