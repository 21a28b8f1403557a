// Events of a range: restarts of the agent, steps of the clock, times without uploads.
import { clock, day, duration } from './format.js';
import { gapOf } from './series.js';

/** What every view asks for besides its own series. */
export const EVENT_WANTS = [{ name: 'agent_restarts_total' }, { name: 'time_steps_total' }, { name: 'uploader_state' }];

/** States of the uploader in which the device is not offline. */
const FINE = new Set(['ok', 'holding', 'disabled', '']);

/** Kinds of events: the letter in the plot, the word in the legend. */
export const KINDS = {
  restart: { sign: 'R', name: 'agent restarted' },
  step: { sign: 'C', name: 'clock step' },
  offline: { sign: 'O', name: 'no uploads' },
};

function rises(entry, afterReset) {
  const events = [];
  const { samples } = entry;
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1][1], samples[i][1]];
    const by = after >= before ? after - before : afterReset ? after : 0;
    if (by > 0) {
      events.push({ from: samples[i - 1][0], to: samples[i][0], by });
    }
  }
  return events;
}

function offline(entries, step) {
  const spans = [];
  for (const entry of entries) {
    const reason = entry.series.metric.reason ?? '';
    if (FINE.has(reason)) {
      continue;
    }
    const gap = gapOf(entry.series, step);
    let span = null;
    for (const [time, value] of entry.samples) {
      if (value > 0 && span && time - span.to <= gap) {
        span.to = time;
      } else if (value > 0) {
        span = { kind: 'offline', reason, from: time - Math.max(step, 1), to: time };
        spans.push(span);
      } else {
        if (span && time - span.to <= gap) {
          span.to = time;
        }
        span = null;
      }
    }
  }
  return spans;
}

/** Events in the order of time; from and to are seconds, and equal only if the time is exact. */
export function eventsOf(data) {
  const restarts = data.named('agent_restarts_total').flatMap((entry) => rises(entry, false));
  const steps = data.named('time_steps_total').flatMap((entry) => rises(entry, true));
  return [
    ...restarts.map((event) => ({ kind: 'restart', ...event })),
    ...steps.map((event) => ({ kind: 'step', ...event })),
    ...offline(data.named('uploader_state'), data.step),
  ].sort((a, b) => a.from - b.from);
}

/** An event as a row of the list: when, what. */
export function rowOf(event) {
  const when = `${day(event.from)} ${clock(event.from)}`;
  const until = clock(event.to);
  if (event.kind === 'offline') {
    return [`${when} to ${until}`, `No uploads for ${duration(event.to - event.from)}: ${event.reason}.`];
  }
  const times = event.by > 1 ? `${event.by} times ` : '';
  return [
    `${when} to ${until}`,
    event.kind === 'restart' ? `The agent restarted ${times}in this time.` : `The clock was set ${times}in this time.`,
  ];
}

/** How many of each kind, as a sentence. */
export function summary(events) {
  const counted = [
    ['restart', 'restart of the agent', 'restarts of the agent'],
    ['step', 'clock step', 'clock steps'],
    ['offline', 'time without uploads', 'times without uploads'],
  ]
    .map(([kind, one, several]) => {
      const sum = events
        .filter((event) => event.kind === kind)
        .reduce((total, event) => total + (kind === 'offline' ? 1 : event.by), 0);
      return sum > 0 ? `${sum} ${sum === 1 ? one : several}` : '';
    })
    .filter(Boolean);
  return counted.length ? counted.join(', ') : 'none in this range';
}
