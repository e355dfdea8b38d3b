import type uPlot from 'uplot';
import type { RequestModel, WaterfallModel } from '../html/page-model.ts';
import { colour, faint } from './appearance.ts';

/** The requests shown, from top to bottom. */
export type Rows = readonly RequestModel[];

const TALLEST = 14;

/** Paints each request as a row: attempts as bars in the colour of their ending, waits between them as a thin line. */
export const paintRequests = (
  plot: uPlot,
  { endings }: WaterfallModel,
  rows: Rows,
  chosen: RequestModel | undefined,
): void => {
  if (rows.length === 0) return;
  const { ctx, bbox } = plot;
  const pitch = bbox.height / rows.length;
  const height = Math.min(TALLEST * devicePixelRatio, Math.max(1, pitch * 0.8));
  const full = endings.map(({ tone }) => colour(tone));
  const pale = endings.map(({ tone }) => faint(tone, 45));
  const waiting = colour('waiting');
  const at = (millis: number): number => plot.valToPos(millis, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  rows.forEach((request, index) => {
    const [, , start, length, attempts] = request;
    const middle = bbox.top + (index + 0.5) * pitch;
    if (request === chosen) {
      ctx.fillStyle = faint('ink', 14);
      const tall = Math.max(height + 4 * devicePixelRatio, pitch);
      ctx.fillRect(bbox.left, middle - tall / 2, bbox.width, tall);
    }
    if (attempts.length !== 1) {
      ctx.fillStyle = waiting;
      const thin = Math.max(1, height / 5);
      ctx.fillRect(at(start), middle - thin / 2, at(start + length) - at(start), thin);
    }
    for (const [after, took, firstToken, ending] of attempts) {
      const from = at(start + after);
      const until = Math.max(from + 1, at(start + after + took));
      // Until the first token the bar is pale: that part is waiting for the endpoint.
      const first = firstToken < 0 ? from : Math.min(until, at(start + after + firstToken));
      ctx.fillStyle = pale[ending] ?? waiting;
      ctx.fillRect(from, middle - height / 2, first - from, height);
      ctx.fillStyle = full[ending] ?? waiting;
      ctx.fillRect(first, middle - height / 2, until - first, height);
    }
  });
  ctx.restore();
};
