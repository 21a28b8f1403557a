// Marks of events in a plot. Each has its own pattern and letter, besides its colour.
import { KINDS } from './events.js';

const HATCH = 7;

function hatch(context, left, top, width, height, scale) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.globalAlpha = 0.14;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 0.5;
  context.lineWidth = scale;
  context.beginPath();
  for (let x = left - height; x < left + width; x += HATCH * scale) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function letter(context, sign, x, top, scale) {
  context.font = `bold ${11 * scale}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.fillText(sign, x, top + scale);
}

const inView = (u, event) => event.to >= u.scales.x.min && event.from <= u.scales.x.max;

/** Draws each event that is in view; colours come from the style sheet. */
function each(u, events, css, draw) {
  const { ctx: context, bbox } = u;
  const place = (time) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(time, 'x', true)));
  for (const event of events.filter((one) => inView(u, one))) {
    context.save();
    context.fillStyle = context.strokeStyle = css(`--mark-${event.kind}`);
    draw(event, context, place, window.devicePixelRatio || 1);
    context.restore();
  }
}

/** The shades of times without uploads, behind the lines of the plot. */
export function shades(u, events, css) {
  const { top, height } = u.bbox;
  const offline = events.filter((event) => event.kind === 'offline');
  each(u, offline, css, (event, context, place, scale) => {
    const left = place(event.from);
    hatch(context, left, top, Math.max(2 * scale, place(event.to) - left), height, scale);
  });
}

/** Letters, and lines of restarts and clock steps, in front of the plot. */
export function marks(u, events, css) {
  const { top, height } = u.bbox;
  each(u, events, css, (event, context, place, scale) => {
    const { sign } = KINDS[event.kind];
    if (event.kind === 'offline') {
      letter(context, sign, (place(event.from) + place(event.to)) / 2, top, scale);
      return;
    }
    const x = Math.round(place(event.to));
    context.lineWidth = 1.5 * scale;
    context.setLineDash(event.kind === 'step' ? [4 * scale, 3 * scale] : []);
    context.beginPath();
    context.moveTo(x, top + 14 * scale);
    context.lineTo(x, top + height);
    context.stroke();
    letter(context, sign, x, top, scale);
  });
}
