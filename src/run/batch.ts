import type { Call } from '../core/call.ts';
import type { Clock } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Claim, Slot } from '../load/driver.ts';
import type { Item } from '../workload/items.ts';
import type { WorkSource } from './work.ts';

/** What a batch needs to hand out its items. */
export interface BatchContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly rng: Rng;
  /** The items still to be done, in order; an item's number is its request's. */
  readonly items: AsyncIterator<Item>;
  /** How a file is read while the run's clock may stand still. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  call(item: Item): Call;
  /** Told of each item that ended, with its answer if it has one; not of those that were cancelled. */
  onEnd(item: Item, record: RequestRecord, output: string | undefined): void;
  /** Called if the input cannot be read any further. */
  onBadInput(error: unknown): void;
}

/** Items read ahead of their turn. */
const AHEAD = 256;

/** The items of a file, one request each. Memory in O(level), however many there are. */
export const batchSource = (context: BatchContext): WorkSource => {
  const { clock, signal, items } = context;
  const ahead: Item[] = [];
  const open = new Map<number, { readonly item: Item; text?: string }>();
  let ended = false;
  let reading: Promise<void> | undefined;
  const read = async () => {
    try {
      while (ahead.length < AHEAD && !ended) {
        const { done, value } = await items.next();
        if (done) ended = true;
        else ahead.push(value);
      }
    } catch (error) {
      ended = true;
      context.onBadInput(error);
    }
    reading = undefined;
  };
  const take = (): Slot | undefined => {
    const item = ahead.shift();
    if (!item || signal.aborted) return undefined;
    open.set(item.index, { item });
    return { index: item.index, scheduledAt: clock.now() };
  };
  const later = async (): Promise<Claim> => {
    while (ahead.length === 0 && !ended && !signal.aborted) {
      reading ??= context.aside(read);
      await reading;
    }
    return take();
  };
  const known = (index: number) => {
    const found = open.get(index);
    if (!found) throw new Error(`item ${index} is not under way`);
    return found;
  };
  return {
    claim() {
      if (signal.aborted || (ahead.length === 0 && ended)) return undefined;
      return ahead.length > 0 ? take() : later();
    },
    prepare: (index) => ({ call: context.call(known(index).item), rng: context.rng.fork(index) }),
    key: (index) => index,
    onAnswer({ text }, { index }) {
      known(index).text = text;
    },
    ended(record) {
      const { item, text } = known(record.index);
      open.delete(record.index);
      if (record.outcome !== 'cancelled') context.onEnd(item, record, text);
    },
  };
};
