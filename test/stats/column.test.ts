import { describe, expect, it } from 'vitest';
import { Column } from '../../src/stats/column.ts';

describe('Column', () => {
  it('is empty at first', () => {
    expect(new Column().values).toEqual(new Float64Array(0));
  });

  it('keeps every value in order, through every growth', () => {
    const column = new Column();
    const pushed: number[] = [];
    for (let i = 0; i < 1000; i++) {
      column.push(i / 7);
      pushed.push(i / 7);
      if ([1, 63, 64, 65, 128, 129, 999].includes(pushed.length))
        expect(Array.from(column.values)).toEqual(pushed);
    }
    expect(Array.from(column.values)).toEqual(pushed);
  });

  it('gives a view that shows what was there when it was taken', () => {
    const column = new Column();
    for (let i = 0; i < 64; i++) column.push(i);
    const before = column.values;
    column.push(64);
    expect(before).toHaveLength(64);
    expect(column.values).toHaveLength(65);
  });
});
