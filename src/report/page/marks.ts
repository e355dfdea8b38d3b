import type uPlot from 'uplot';
import type { MarkModel } from '../html/page-model.ts';
import { colour, faint, font } from './appearance.ts';

const LINE = 15;

/** Names places and stretches of the horizontal axis: a line or a shade each, the names above in up to two rows. */
export const drawMarks = (plot: uPlot, marks: readonly MarkModel[]): void => {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  const rows = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  ctx.save();
  ctx.font = font(12 * ratio);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  for (const { at, to, label, tone } of marks.toSorted((a, b) => a.at - b.at)) {
    const from = plot.valToPos(at, 'x', true);
    const until = to === undefined ? from : plot.valToPos(to, 'x', true);
    if (until < bbox.left - 1 || from > right + 1) continue;
    const start = Math.max(bbox.left, from);
    const end = Math.min(right, until);
    if (to === undefined) {
      ctx.strokeStyle = colour(tone);
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash([4 * ratio, 4 * ratio]);
      ctx.beginPath();
      ctx.moveTo(start, bbox.top);
      ctx.lineTo(start, bbox.top + bbox.height);
      ctx.stroke();
    } else {
      ctx.fillStyle = faint(tone, 7);
      ctx.fillRect(start, bbox.top, end - start, bbox.height);
    }
    const half = ctx.measureText(label).width / 2;
    // A name that is empty must not take the row of one that is not.
    if (half === 0 || (to !== undefined && 2 * half > end - start)) continue;
    const middle = Math.min(right - half, Math.max(bbox.left + half, (start + end) / 2));
    const row = rows.findIndex((taken) => middle - half > taken + 8 * ratio);
    if (row < 0) continue;
    rows[row] = middle + half;
    ctx.fillStyle = colour(tone === 'good' ? tone : 'ink-quiet');
    ctx.fillText(label, middle, bbox.top - (6 + row * LINE) * ratio);
  }
  ctx.restore();
};
