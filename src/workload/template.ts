import type { Item } from './items.ts';

const PLACE = /\{([^{}\s]+)\}/g;

/** Names in braces that nothing takes the place of. */
export const unfilled = (template: string, { fields }: Item): readonly string[] =>
  [...template.matchAll(PLACE)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'i' && name !== 'item' && !(name in fields));

/** Puts a request's number (`{i}`) and its item (`{item}`, `{column}`) into a text; other braces stay as they are. */
export const filled = (template: string, index: number, item: Item | undefined): string =>
  template.replaceAll(PLACE, (found, name: string) => {
    if (name === 'i') return String(index);
    if (name === 'item' && item) return item.text;
    return item?.fields[name] ?? found;
  });
