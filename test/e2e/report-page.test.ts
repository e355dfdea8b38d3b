import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, isBrowserDue, launchBrowser } from '../support/browser.ts';
import { PAGES } from '../support/report-pages.ts';

const executable = findBrowser();

it.runIf(isBrowserDue())('has a browser to look with: install chromium (apt-get install chromium)', () => {
  expect(executable).toBeDefined();
});

/** How many different colours each chart shows; 1 is an empty picture. */
const COLOURS = `[...document.querySelectorAll('[data-chart], [data-waterfall]')].map((place) => {
  const canvas = place.querySelector('canvas');
  if (!canvas) return 0;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 12) if (data[at + 3] > 200) seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  return seen.size;
})`;

describe.skipIf(executable === undefined)('the report page in a browser', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-page-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(async () => {
    await browser.close();
    rmSync(dir, { recursive: true });
  });

  /** Opens a page; `complaints` holds whatever the browser had to say about it, and what it asked for. */
  const open = async (name: string, options: BrowserContextOptions = {}) => {
    const path = join(dir, `${name.replaceAll(' ', '-')}.html`);
    writeFileSync(path, PAGES[name]?.() ?? '');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const own = pathToFileURL(path).href;
    page.on('request', (request) => {
      if (request.url() !== own && !request.url().startsWith('data:'))
        complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(own);
    return { page, path, complaints };
  };
  const ask = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression);
  /** Resizes, changes of colour and zooms are drawn with the next frame. */
  const settle = (page: Page) =>
    ask(page, 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const overflow = 'document.documentElement.scrollWidth - innerWidth';

  it.each(Object.keys(PAGES))(
    'shows %s: no complaint, marks in every chart, nothing wider than the window',
    async (name) => {
      const { page, complaints } = await open(name);
      expect(await ask(page, 'document.documentElement.dataset.drawn')).toBe('true');
      expect(Math.min(3, ...(await ask<number[]>(page, COLOURS)))).toBe(3);
      expect(await ask<number>(page, overflow)).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 390, height: 800 });
      await settle(page);
      expect(await ask<number>(page, overflow)).toBeLessThanOrEqual(0);
      expect(await ask(page, 'window.hacked')).toBeUndefined();
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('keeps fifty thousand requests below 5 MB, with all charts there are', async () => {
    const { page, path } = await open('fifty thousand requests');
    expect(readFileSync(path).length).toBeLessThan(5e6);
    expect(await ask<number[]>(page, COLOURS)).toHaveLength(7);
    await page.close();
  });

  it.each([
    ['a sweep with its requests', 'light'],
    ['a sweep with its requests', 'dark'],
    ['a capacity plan', 'light'],
    ['a capacity plan', 'dark'],
    ['a plan for a batch', 'light'],
  ] as const)('is accessible: %s, %s', async (name, colorScheme) => {
    const { page } = await open(name, { colorScheme });
    await ask(page, 'document.querySelectorAll("details").forEach((each) => { each.open = true; })');
    await page.evaluate(axe.source);
    const violations = await ask<string[]>(
      page,
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`,
    );
    expect(violations).toEqual([]);
    await page.close();
  });

  it('is worked by keyboard alone', async () => {
    const { page } = await open('a sweep with its requests');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    expect(await ask(page, 'document.activeElement.textContent')).toBe('Skip to the result');
    await press('Enter');
    expect(await ask(page, 'document.activeElement.id')).toBe('main');

    await page.focus('#throughput-title >> xpath=ancestor::figure >> input[type=range]');
    await press('ArrowRight');
    expect(await ask(page, 'document.activeElement.getAttribute("aria-valuetext")')).toMatch(
      /^5 at once: steady throughput .* \(.* to .*\), throughput 1\.30\/s$/,
    );

    const first = 'document.querySelector("#figures ~ .scroll tbody tr th").dataset.value';
    await page.focus('#figures ~ .scroll thead th button');
    await press('Enter');
    expect(await ask(page, first)).toBe('30');
    expect(await ask(page, 'document.activeElement.parentElement.ariaSort')).toBe('descending');

    const count = () => page.locator('[role=status]').textContent();
    const [all] = [await count()];
    await page.focus('button[aria-label="Zoom in"]');
    await press('Enter');
    expect(await count()).not.toBe(all);
    await page.focus('.controls:has([role=status]) label:nth-of-type(2) select');
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(await count()).toMatch(/^\d+ requests shown/);
    await page.focus('[data-waterfall] + .reading input');
    await press('ArrowRight');
    expect(await ask(page, 'document.activeElement.getAttribute("aria-valuetext")')).toMatch(
      /^Request \d+: failed/,
    );
    await page.close();
  });

  it('changes its charts with the colours, and prints them dark on white', async () => {
    const { page } = await open('a sweep with its requests', { colorScheme: 'light' });
    const picture = async () => {
      await settle(page);
      return ask<string>(page, 'document.querySelector("canvas").toDataURL()');
    };
    const light = await picture();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await picture();
    expect(dark).not.toBe(light);
    expect(await ask(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(18, 22, 28)');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await ask(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await picture()).not.toBe(dark);
    expect(Math.min(...(await ask<number[]>(page, COLOURS)))).toBeGreaterThan(2);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(50_000);
    await page.close();
  });

  it('prints a plan dark on white, with all of its charts', async () => {
    const { page } = await open('a capacity plan', { colorScheme: 'dark' });
    expect(await ask<number[]>(page, COLOURS)).toHaveLength(3);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await settle(page);
    expect(await ask(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(Math.min(...(await ask<number[]>(page, COLOURS)))).toBeGreaterThan(2);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(30_000);
    await page.close();
  });

  it('zooms the charts over time together, and shows the level that is chosen', async () => {
    const { page, complaints } = await open('a sweep with its requests');
    const select = page.locator('[data-windows] select');
    expect(await select.locator('option:checked').textContent()).toBe('30 at once');
    const pictures = async () => {
      await settle(page);
      return ask<string[]>(
        page,
        '[...document.querySelectorAll("[data-chart=attempts] canvas, [data-chart=in-flight] canvas")].map((each) => each.toDataURL())',
      );
    };
    const before = await pictures();
    await select.selectOption('the whole run');
    const whole = await pictures();
    await page.locator('[data-chart=attempts]').scrollIntoViewIfNeeded();
    const box = (await page.locator('[data-chart=attempts] .u-over').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
    };
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
    await page.mouse.up();
    const zoomed = await pictures();
    for (const index of [0, 1]) expect(new Set([before[index], whole[index], zoomed[index]]).size).toBe(3);
    expect(await page.locator('[data-chart=attempts] + .reading .readout').textContent()).toMatch(
      /ok .*\/s, 429 .*\/s/,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says everything without a script', async () => {
    const { page } = await open('a sweep with its requests', { javaScriptEnabled: false });
    expect(await page.locator('h2').first().textContent()).toContain('Sweet spot: 20 at once.');
    expect(await page.locator('#figures ~ .scroll tbody tr').count()).toBe(5);
    expect(await page.locator('details table').count()).toBeGreaterThanOrEqual(6);
    await page.close();
  });
});
