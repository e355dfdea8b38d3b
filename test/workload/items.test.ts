import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Item, type ItemFormat, itemFormatOf, readItems } from '../../src/workload/items.ts';

const read = async (text: string, format: ItemFormat, column?: string): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const origin = { path: `items.${format}`, format, column };
  for await (const item of readItems(Readable.from([Buffer.from(text)]), origin)) items.push(item);
  return items;
};

const refusal = (text: string, format: ItemFormat, column?: string) =>
  read(text, format, column).then(
    () => 'not refused',
    (error) => `${error.message} → ${error.hint}`,
  );

describe('items', () => {
  it('of a plain file are its lines, empty ones left out', async () => {
    const items = await read('\uFEFFone\r\n\n two \nthree', 'txt');
    expect(items.map(({ index, text }) => [index, text])).toEqual([
      [0, 'one'],
      [1, ' two '],
      [2, 'three'],
    ]);
  });

  it('of JSON lines are texts, or objects with a text', async () => {
    expect((await read('"a"\n"b"\n', 'jsonl')).map(({ text }) => text)).toEqual(['a', 'b']);
    const [item] = await read('{"id": 7, "question": "why?", "tags": ["x"]}', 'jsonl');
    expect(item).toEqual({ index: 0, text: 'why?', fields: { id: '7', question: 'why?', tags: '["x"]' } });
    expect((await read('{"id": 7, "q": "why?"}', 'jsonl', 'q'))[0]?.text).toBe('why?');
    expect((await read('{"text": "a", "note": null}', 'jsonl'))[0]?.fields).toEqual({ text: 'a', note: '' });
  });

  it('of CSV are rows, line breaks and commas in quotes kept', async () => {
    const items = await read('id,body\n1,"a, b"\n2,"c\nd ""e"""\n', 'csv', 'body');
    expect(items.map(({ text }) => text)).toEqual(['a, b', 'c\nd "e"']);
    expect(items[1]?.fields).toEqual({ id: '2', body: 'c\nd "e"' });
    expect((await read('only\nx\n', 'csv'))[0]?.text).toBe('x');
  });

  it('are refused with file and line', async () => {
    expect([
      await refusal('{"a": 1}\n{"a": ', 'jsonl'),
      await refusal('[1]', 'jsonl'),
      await refusal('id,body\n1,x\n', 'csv', 'bdy'),
      await refusal('id,name\n1,x\n', 'csv'),
      await refusal('id,body\n1,x,y\n', 'csv', 'body'),
      await refusal('id,body\n"1\n2",x\n', 'csv', 'bdy'),
      await refusal('{"text": "a"}\n\n{"txt": "b"}\n', 'jsonl'),
    ]).toMatchInlineSnapshot(`
      [
        "items.jsonl:2 is not JSON: Unexpected end of JSON input → undefined",
        "items.jsonl:1 is neither a text nor an object → undefined",
        "items.csv:1: there is no column "bdy" → Did you mean body? Known: id, body.",
        "items.csv:1: which column is the text? There are id, name → Name it: --column id",
        "items.csv:2 is not CSV: Invalid Record Length: columns length is 2, got 3 on line 2 → undefined",
        "items.csv:1: there is no column "bdy" → Did you mean body? Known: id, body.",
        "items.jsonl:3: there is no "text", which is the text of the lines before → Did you mean txt? Known: txt.",
      ]
    `);
  });

  it('are read by the ending of the file', () => {
    expect(['a.txt', 'a.md', 'b.JSONL', 'c.ndjson', 'd.csv'].map(itemFormatOf)).toEqual([
      'txt',
      'txt',
      'jsonl',
      'jsonl',
      'csv',
    ]);
  });
});
