import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const { resolve } = createRequire(import.meta.url);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The report page's script and style sheet as one file each, to be put into the page as they are. Run by the build; rolldown's own
// command prints what it did whatever it is told, this prints warnings and errors alone.
await build({
  logLevel: 'warn',
  input: { 'report-page': here('src/report/page/main.ts') },
  platform: 'browser',
  output: { dir: here('dist/page'), format: 'iife', minify: true, entryFileNames: '[name].js' },
  plugins: [
    {
      name: 'style-sheet',
      generateBundle() {
        const sheets = [resolve('uplot/dist/uPlot.min.css'), here('src/report/page/page.css')];
        const source = sheets.map((path) => readFileSync(path, 'utf8')).join('\n');
        this.emitFile({ type: 'asset', fileName: 'report-page.css', source });
      },
    },
  ],
});
