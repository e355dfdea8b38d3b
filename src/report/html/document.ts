import { embedded, html, type Markup } from './markup.ts';
import { pageAssets } from './page-assets.ts';
import type { PageModel } from './page-model.ts';

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  readonly body: Markup;
  readonly model: PageModel;
}

/** A whole page in one file that asks for nothing from anywhere: its policy would not even let it. */
export const pageDocument = ({ title, body, model }: PageContent): string => {
  const { script, style } = pageAssets();
  const policy = [
    "default-src 'none'",
    `script-src ${script.source}`,
    `style-src ${style.source}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="sweetspot">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style.content}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the result</a>
${body}
<script type="application/json" id="page-model">${embedded(model)}</script>
<script>${script.content}</script>
</body>
</html>`.text
  }\n`;
};
