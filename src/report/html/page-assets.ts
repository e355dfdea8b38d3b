import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BenchError, EXIT } from '../../core/errors.ts';
import { Markup } from './markup.ts';

/** A script or a style sheet that goes into the page as it is, and the hash by which the page's policy knows it. */
export interface PageAsset {
  readonly content: Markup;
  /** As in a Content-Security-Policy: `'sha256-…'`. */
  readonly source: string;
}

const read = (name: string): PageAsset => {
  let text: string;
  try {
    text = readFileSync(createRequire(import.meta.url).resolve(`#page/${name}`), 'utf8');
  } catch (cause) {
    throw new BenchError(EXIT.internal, `the report page's ${name} is missing`, {
      hint: 'It is part of the build: npm run build.',
      cause,
    });
  }
  // A closing tag inside would end the element early; in strings and comments this form means the same.
  const content = text.replaceAll(/<\/(script|style)/gi, '<\\/$1');
  return {
    content: new Markup(content),
    source: `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
  };
};

let assets: { readonly script: PageAsset; readonly style: PageAsset } | undefined;

/** The page's script and style sheet, as the build left them; they do not change while a program runs. */
export const pageAssets = (): { readonly script: PageAsset; readonly style: PageAsset } => {
  assets ??= { script: read('report-page.js'), style: read('report-page.css') };
  return assets;
};
