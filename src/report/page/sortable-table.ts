import { find, make } from './dom.ts';

/** Makes every heading of a table a button that sorts by its column, by `data-value` where a cell has one. */
export const makeSortable = (table: HTMLTableElement): void => {
  const body = find<HTMLTableSectionElement>('tbody', table);
  const headings = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  headings.forEach((heading, column) => {
    const press = make('button', { type: 'button', class: 'sort' }, [...heading.childNodes]);
    press.addEventListener('click', () => {
      const rising = heading.ariaSort !== 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.ariaSort = rising ? 'ascending' : 'descending';
      body.append(...[...body.rows].sort((a, b) => order(a, b, column, rising)));
    });
    heading.append(press);
  });
};

/** Cells without a figure stand last, whichever way. */
const order = (a: HTMLTableRowElement, b: HTMLTableRowElement, column: number, rising: boolean): number => {
  const [left, right] = [a, b].map((row) => row.cells[column]?.dataset['value'] ?? '');
  if (left === '' || right === '') return Number(left === '') - Number(right === '');
  return (Number(left) - Number(right)) * (rising ? 1 : -1);
};
