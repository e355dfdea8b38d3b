import type { Item } from './items.ts';

/** Puts a request's number (`{i}`) and its item (`{item}`, `{column}`) into a text; other braces stay as they are. */
export const filled = (template: string, index: number, item: Item | undefined): string =>
  template.replaceAll(/\{([^{}\s]+)\}/g, (found, name: string) => {
    if (name === 'i') return String(index);
    if (name === 'item' && item) return item.text;
    return item?.fields[name] ?? found;
  });
