// Controls of the range and the theme, and the keys.
import { byId, h, setText } from './dom.js';
import { duration, fromLocal, local, moment } from './format.js';
import { Range, RANGES } from './range.js';

const VIEW_KEYS = { o: 'overview', n: 'network', p: 'programs', c: 'collectors', s: 'series' };
const THEMES = ['automatic', 'dark', 'light'];
const MOVE = 0.5;

const inField = (target) => target.closest?.('input, select, textarea') !== null;
const scrolls = (target) => target.closest?.('.scroll') !== null;

/** Wires the controls to a page, which has the place and changes it. */
export class Toolbar {
  constructor(page) {
    this.page = page;
    this.buttons = RANGES.map(([seconds, label]) =>
      h('button', { type: 'button', 'data-range': seconds, click: () => page.show(new Range(seconds)) }, label),
    );
    byId('ranges').replaceChildren(...this.buttons);
    this.press('earlier', () => this.move(-MOVE));
    this.press('later', () => this.move(MOVE));
    this.press('closer', () => this.zoom(0.5));
    this.press('wider', () => this.zoom(2));
    this.press('back', () => page.back());
    this.press('show', () => this.custom());
    for (const id of ['from', 'to']) {
      byId(id).addEventListener('keydown', (event) => event.key === 'Enter' && this.custom());
    }
    byId('skip').addEventListener('click', (event) => {
      event.preventDefault();
      byId('main').focus();
    });
    document.addEventListener('keydown', (event) => this.key(event));
    this.theme();
  }

  press(id, action) {
    byId(id).addEventListener('click', action);
  }

  move(share) {
    this.page.show(this.page.place.range.moved(share, this.page.catalog.present()));
  }

  zoom(by) {
    this.page.show(this.page.place.range.zoomed(by, this.page.catalog.present()));
  }

  custom() {
    const [from, to] = [fromLocal(byId('from').value), fromLocal(byId('to').value)];
    if (Number.isNaN(from) || Number.isNaN(to) || to <= from) {
      this.page.notice('Enter two times, the first one before the second.');
      return;
    }
    this.page.notice('');
    this.page.show(Range.between(from, to));
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || inField(event.target)) {
      return;
    }
    const action = this.actionOf(event);
    if (action) {
      event.preventDefault();
      action();
    }
  }

  actionOf({ key, target }) {
    const number = Number(key);
    if (number >= 1 && number <= RANGES.length) {
      return () => this.page.show(new Range(RANGES[number - 1][0]));
    }
    if (VIEW_KEYS[key]) {
      return () => this.page.open(VIEW_KEYS[key]);
    }
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        return scrolls(target) ? null : () => this.move(key === 'ArrowLeft' ? -MOVE : MOVE);
      case '+':
      case '=':
        return () => this.zoom(0.5);
      case '-':
        return () => this.zoom(2);
      case 'b':
        return () => this.page.back();
      case '/':
        return () => this.page.search();
      default:
        return null;
    }
  }

  /** Shows which range is on. */
  update(range, now, step) {
    const [start, end] = range.bounds(now);
    for (const button of this.buttons) {
      button.setAttribute('aria-pressed', String(range.live && range.seconds === Number(button.dataset.range)));
    }
    if (!byId('custom').contains(document.activeElement)) {
      byId('from').value = local(start);
      byId('to').value = local(end);
    }
    byId('later').disabled = range.live;
    byId('back').disabled = !this.page.canGoBack();
    const span = range.live ? `The newest ${duration(range.seconds)}, continued` : `${moment(start, now)} to ${moment(end, now)}`;
    setText(byId('shown'), `${span}. One point per ${duration(step)}.`);
  }

  theme() {
    const button = byId('theme');
    const root = document.documentElement;
    const label = () => setText(button, `Theme: ${root.dataset.theme}`);
    label();
    button.addEventListener('click', () => {
      root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
      try {
        localStorage.setItem('tidewatch.theme', root.dataset.theme);
      } catch {
        // A browser without storage shows the theme until the page is closed.
      }
      label();
    });
    new MutationObserver(() => this.page.redraw()).observe(root, { attributeFilter: ['data-dark'] });
  }
}
