// The one sentence of health at the top.
import { byId, setText } from './dom.js';
import { clock } from './format.js';

const RANK = { ok: 0, degraded: 1, error: 2 };

/** Of several components in the same state, the one to fix first. */
const FIRST = ['storage', 'config', 'device', 'time', 'uploader', 'scheduler', 'bundles', 'deploy'];

const importance = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** The component that a status is about, and how many others have a problem. */
export function worst(health) {
  const bad = Object.entries(health.components ?? {})
    .filter(([, component]) => (RANK[component.status] ?? 0) > 0)
    .sort(([a, first], [b, second]) => RANK[second.status] - RANK[first.status] || importance(a) - importance(b) || a.localeCompare(b));
  return bad.length ? { name: bad[0][0], message: bad[0][1].message, others: bad.length - 1 } : null;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const ended = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The sentence that proposes a profile of configuration, where one fits the device and none is applied. */
function proposal(health) {
  const { message, details } = health.components?.profile ?? {};
  return details?.proposed ? ` ${ended(message)}` : '';
}

export class Headline {
  constructor(catalog) {
    this.catalog = catalog;
    this.since = null;
    this.said = '';
  }

  show(health) {
    this.since = null;
    const problem = worst(health);
    const others = problem?.others ? ` ${problem.others} more ${problem.others === 1 ? 'component has' : 'components have'} a problem.` : '';
    const text = problem ? ended(`${capital(problem.name)}: ${problem.message}`) + others : ended(capital(health.message ?? '')) + proposal(health);
    this.say(health.status, text, `${health.status} ${problem?.name ?? ''}`);
    setText(byId('device'), health.device_id ?? '');
    document.title = `${health.status === 'ok' ? '' : `${health.status}: `}${health.device_id ?? 'tidewatch'}`;
  }

  /** The agent does not answer: since when, and what to do. */
  silent() {
    this.since ??= this.catalog.present();
    const text = `The agent does not answer since ${clock(this.since)}; the page tries again every few seconds. Check it with: systemctl status tidewatch`;
    this.say('error', text, 'silent');
    document.title = 'no answer: tidewatch';
  }

  /** Shows it at once; a screen reader reads it when its subject changes, and not each second that is counted. */
  say(status, text, subject) {
    const badge = byId('status');
    badge.className = `status ${status}`;
    setText(badge, status);
    setText(byId('sentence'), text);
    byId('health').className = `health ${status}`;
    if (subject !== this.said) {
      this.said = subject;
      setText(byId('announce'), `${status}. ${text}`);
    }
  }
}
