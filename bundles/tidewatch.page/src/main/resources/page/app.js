// The page: one place (view, range, chosen series), queried once and continued with the newest samples.
import * as api from './api.js';
import { Chooser } from './chooser.js';
import { Catalog, ViewData } from './data.js';
import { byId, h, setText, table } from './dom.js';
import { EVENT_WANTS, eventsOf, rowOf, summary } from './events.js';
import { Today } from './facts.js';
import { clock } from './format.js';
import { Headline } from './headline.js';
import { sectionsOf, wantsOf } from './panels.js';
import { legendOfMarks } from './plots.js';
import { Place, Range } from './range.js';
import { Toolbar } from './toolbar.js';
import { View } from './view.js';

const VIEWS = ['overview', 'network', 'programs', 'collectors', 'series'];
const FASTEST_POLL = 2;
const SLOWEST_POLL = 10;
const REQUERY_SECONDS = 300;

/** After a query that the agent refuses, as it is too large or takes too long. */
const REFUSED_POLL = 30;

class Page {
  constructor() {
    this.catalog = new Catalog();
    this.today = new Today(this.catalog);
    this.place = Place.parse(location.hash, VIEWS);
    this.data = null;
    this.depth = 0;
    this.failures = 0;
    this.loading = null;
    this.timer = null;
    this.headline = new Headline(this.catalog);
    this.toolbar = new Toolbar(this);
    this.chooser = new Chooser(this.catalog, (chosen) => this.go(this.place.with({ chosen })));
    this.view = new View(this);
    byId('marks').replaceChildren(legendOfMarks());
    this.links = VIEWS.map((view) => h('a', { 'data-view': view }, view[0].toUpperCase() + view.slice(1)));
    byId('views').replaceChildren(...this.links.map((link) => h('li', {}, link)));
    window.addEventListener('popstate', (event) => this.pop(event.state));
    document.addEventListener('visibilitychange', () => this.wake());
    history.replaceState({ depth: 0 }, '');
    this.arrive();
  }

  // Places

  /** A place of the history, or a new one by a link, which has no state yet. */
  pop(state) {
    this.depth = state?.depth ?? this.depth + 1;
    history.replaceState({ depth: this.depth }, '');
    this.arrive();
  }

  /** Goes to another place; the browser's history has the one before. */
  go(place) {
    if (place.toString() !== location.hash) {
      this.depth++;
      history.pushState({ depth: this.depth }, '', place.toString());
      this.arrive();
    }
  }

  show(range) {
    this.go(this.place.with({ range }));
  }

  zoom(from, to) {
    this.show(Range.between(from, to));
  }

  open(view) {
    this.go(this.place.with({ view }));
  }

  canGoBack() {
    return this.depth > 0;
  }

  back() {
    if (this.canGoBack()) {
      history.back();
    }
  }

  search() {
    this.searching = true;
    this.open('series');
    this.view.focusFilter();
  }

  arrive() {
    const before = this.place;
    this.place = Place.parse(location.hash, VIEWS);
    for (const link of this.links) {
      const { view } = link.dataset;
      link.setAttribute('href', this.place.with({ view }).toString());
      if (view === this.place.view) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
    }
    byId('sentence').setAttribute('href', this.place.with({ view: 'collectors' }).toString());
    if (before.view !== this.place.view) {
      this.view.clear();
    }
    this.refresh();
  }

  // Data

  /** Queries everything the place shows. */
  async refresh() {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    clearTimeout(this.timer);
    byId('main').setAttribute('aria-busy', 'true');
    try {
      await this.newest(loading.signal);
      loading.signal.throwIfAborted();
      if (!this.catalog.old || this.place.view === 'series') {
        this.catalog.takeHistory(await api.series(loading.signal));
      }
      const data = new ViewData(this.catalog, this.wants(), this.place.range);
      await data.load(loading.signal);
      if (this.place.view === 'overview' && this.today.isStale()) {
        await this.today.load(loading.signal);
      }
      this.data = data;
      this.answered();
      this.render();
      byId('main').setAttribute('aria-busy', 'false');
    } catch (e) {
      if (loading.signal.aborted) {
        return;
      }
      this.failed(e);
    }
    this.loading = null;
    this.schedule();
  }

  /** The newest samples and the health, which is shown without samples, too: it may have the reason. */
  async newest(signal) {
    const [answer] = await Promise.all([api.now(this.catalog.lacksHelp(), signal), api.health().then((health) => this.take(health))]);
    this.catalog.take(answer);
  }

  take(health) {
    this.health = health;
    this.headline.show(health);
  }

  wants() {
    return [...wantsOf(sectionsOf(this.place, this.catalog)), ...EVENT_WANTS];
  }

  /** Takes the newest samples; queries again if there is another series, or after a while. */
  async poll() {
    if (document.hidden || this.loading) {
      return;
    }
    if (this.failures > 0 || !this.data) {
      await this.refresh();
      return;
    }
    try {
      await this.newest();
      if (this.loading) {
        return;
      }
      const known = new Set(this.data.wants.map((want) => JSON.stringify(want)));
      const isNew = this.wants().some((want) => !known.has(JSON.stringify(want)));
      // The clock of the device may have been set back.
      const old = Math.abs(this.catalog.present() - this.data.loaded) > Math.max(REQUERY_SECONDS, 10 * this.data.step);
      if (isNew || (old && this.place.range.live) || (this.place.view === 'overview' && this.today.isStale())) {
        await this.refresh();
        return;
      }
      this.today.append();
      this.answered();
      this.render();
    } catch (e) {
      this.failed(e);
    }
    this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    if (document.hidden) {
      return;
    }
    const shortest = this.catalog.all().reduce((least, series) => Math.min(least, series.interval), SLOWEST_POLL);
    const retry = this.refused ? REFUSED_POLL : Math.min(SLOWEST_POLL, 2 * this.failures);
    const seconds = Math.max(FASTEST_POLL, this.failures > 0 ? retry : shortest);
    this.timer = setTimeout(() => this.poll(), seconds * 1000);
  }

  /** Stops while the page is not seen; starts with a refresh. */
  wake() {
    clearTimeout(this.timer);
    if (!document.hidden && !this.loading) {
      this.refresh();
    }
  }

  answered() {
    this.failures = 0;
    this.notice('');
  }

  failed(error) {
    if (!(error instanceof api.ApiError)) {
      console.error(error);
    }
    this.failures++;
    this.refused = error.status !== 0;
    if (error.status === 0) {
      this.headline.silent();
      this.notice('');
    } else {
      this.notice(error.message);
    }
  }

  notice(text) {
    byId('notice').hidden = text === '';
    setText(byId('notice'), text);
  }

  // Drawing

  render() {
    const { data, place, catalog } = this;
    if (place.range.live) {
      data.append();
    }
    const now = catalog.present();
    const events = eventsOf(data);
    this.toolbar.update(place.range, now, data.step);
    this.showEvents(events);
    this.view.update(sectionsOf(place, catalog), data, events, now);
    const version = this.health?.version ? `tidewatch ${this.health.version}.` : '';
    const skew = Math.abs(catalog.offset) > FASTEST_POLL ? ` The clock of the device shows ${clock(now)}; all times are of it, in the time zone of this browser.` : ' Times are in the time zone of this browser.';
    setText(byId('about'), version + skew);
  }

  showEvents(events) {
    setText(byId('events-summary'), summary(events));
    const text = JSON.stringify(events);
    if (text !== this.eventText) {
      this.eventText = text;
      byId('events-list').replaceChildren(
        events.length ? table('Events of this range', ['Time', 'Event'], events.map(rowOf), { class: 'wide' }) : h('p', { class: 'note' }, 'No events in this range.'),
      );
    }
  }

  /** Draws the plots anew, in another theme. */
  redraw() {
    this.view.redraw();
  }
}

new Page();
