import type { Call } from '../src/core/call.ts';
import { defineScenario } from '../src/workload/scenario.ts';

const SUBJECTS = [
  'rate limits',
  'backoff and jitter',
  'connection pools',
  'streaming answers',
  'prompt caches',
];
const SECTIONS = ['first', 'second', 'third'] as const;

const writes = (content: string, maxTokens: number): Call => ({
  messages: [{ role: 'user', content }],
  maxTokens,
  stream: false,
});

/** G2, chain: an outline, then its three sections at once, then an introduction over all of them. */
export const articleChain = defineScenario({
  name: 'article-chain',
  description:
    'write 20 articles: outline, three sections at once, introduction (guide G2: 5 calls, 3 round trips)',
  items: 20,
  async run(item, ask) {
    const subject = `${SUBJECTS[item % SUBJECTS.length]}, part ${Math.floor(item / SUBJECTS.length) + 1}`;
    const outline = await ask(
      writes(`List three section titles for an article about ${subject}, one per line.`, 128),
      {
        step: 'outline',
      },
    );
    if (!outline.ok) return;
    const sections = await Promise.all(
      SECTIONS.map((nth) =>
        ask(writes(`The outline is:\n${outline.text}\n\nWrite the ${nth} section in two paragraphs.`, 256), {
          step: `${nth} section`,
        }),
      ),
    );
    if (!sections.every(({ ok }) => ok)) return;
    const body = sections.map((section) => (section.ok ? section.text : '')).join('\n\n');
    await ask(writes(`Write a short introduction to this article:\n\n${body}`, 128), {
      step: 'introduction',
    });
  },
});
