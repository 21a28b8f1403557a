// Marks of events behind the lines of a plot. Each has its own pattern and letter, besides its colour.
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

/** Draws the events of a uPlot; colours come from the style sheet. */
export function marks(u, events, css) {
  const { ctx: context, bbox } = u;
  const scale = window.devicePixelRatio || 1;
  const place = (time) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(time, 'x', true)));
  for (const event of events) {
    const { min, max } = u.scales.x;
    if (event.to < min || event.from > max) {
      continue;
    }
    context.save();
    context.fillStyle = context.strokeStyle = css(`--mark-${event.kind}`);
    if (event.kind === 'offline') {
      const left = place(event.from);
      const width = Math.max(2 * scale, place(event.to) - left);
      hatch(context, left, bbox.top, width, bbox.height, scale);
      if (width > 12 * scale) {
        letter(context, KINDS.offline.sign, left + width / 2, bbox.top, scale);
      }
    } else {
      const x = Math.round(place(event.to));
      context.lineWidth = 1.5 * scale;
      context.setLineDash(event.kind === 'step' ? [4 * scale, 3 * scale] : []);
      context.beginPath();
      context.moveTo(x, bbox.top + 14 * scale);
      context.lineTo(x, bbox.top + bbox.height);
      context.stroke();
      letter(context, KINDS[event.kind].sign, x, bbox.top, scale);
    }
    context.restore();
  }
}
