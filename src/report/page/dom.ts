/** The element with this selector below `root`. Throws if there is none: page and script are made for each other. */
export const find = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T => {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
};

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A new element; text is text, never markup. */
export const make = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  children: readonly (string | Node)[] = [],
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false) element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
};

/** A button that says what it does, also where its face is a sign. */
export const button = (face: string, label: string, onPress: () => void): HTMLButtonElement => {
  const made = make('button', { type: 'button', 'aria-label': label, title: label }, [face]);
  made.addEventListener('click', onPress);
  return made;
};

/** A choice by name, with its label beside it. */
export const choice = (
  label: string,
  options: readonly string[],
  first: number,
  onChoose: (index: number) => void,
): HTMLLabelElement => {
  const select = make(
    'select',
    {},
    options.map((text, value) => make('option', { value, selected: value === first }, [text])),
  );
  select.addEventListener('change', () => onChoose(Number(select.value)));
  return make('label', { class: 'choice' }, [label, select]);
};
