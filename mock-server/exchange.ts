import type { Breakage, EngineListener, Ending, Opening, Refusal } from './engine/request.ts';
import { dataFrame, eventFrame, STREAM_HEADERS } from './wire/sse.ts';
import type { Circumstances, Dialect, Encoder, Outlet } from './wire/wire.ts';

const JSON_HEADERS = { 'content-type': 'application/json' } as const;
/** JSON that breaks off, with bytes in it that no text has: for clients that trust their input. */
const GARBAGE_BODY = '{"id":"\u0000\uFFFD","object":"chat.comp';

/** Everything an exchange needs to speak. */
export interface ExchangeOptions {
  readonly outlet: Outlet;
  readonly dialect: Dialect;
  readonly encoder: Encoder;
  readonly stream: boolean;
  /** The circumstances as of now. */
  circumstances(): Circumstances;
}

/** Translates the engine's events into one HTTP answer. */
export const exchange = (options: ExchangeOptions): EngineListener => {
  const { outlet, dialect, encoder, stream, circumstances } = options;
  let ending: Ending = 'prompt';
  const head = (opening: Opening, kind: Record<string, string>) => ({
    ...kind,
    ...dialect.headers(opening.standings, circumstances()),
  });
  const broken: Readonly<Record<Breakage, (opening: Opening) => void>> = {
    reset: () => outlet.reset(),
    truncate: (opening) => {
      if (stream) return outlet.end('');
      const whole = encoder.whole(opening);
      outlet.send(200, head(opening, JSON_HEADERS), whole.slice(0, Math.floor(whole.length / 2)));
    },
    garbage: (opening) => {
      const named = dialect.name === 'anthropic';
      if (stream)
        outlet.end(named ? eventFrame('content_block_delta', GARBAGE_BODY) : dataFrame(GARBAGE_BODY));
      else outlet.send(200, head(opening, JSON_HEADERS), GARBAGE_BODY);
    },
    error: () => {
      if (stream) return outlet.end(encoder.failure());
      const { status, headers, body } = dialect.refusal(
        { rejection: { kind: 'status', status: 500 }, standings: [] },
        circumstances(),
      );
      outlet.send(status, headers, body);
    },
    stall: (opening) => {
      const whole = encoder.whole(opening);
      outlet.begin(200, head(opening, JSON_HEADERS));
      outlet.write(whole.slice(0, Math.floor(whole.length / 2)));
    },
  };
  return {
    refused(refusal: Refusal) {
      const { status, headers, body } = dialect.refusal(refusal, circumstances());
      outlet.send(status, headers, body);
      return status;
    },
    opened(opening) {
      outlet.begin(200, head(opening, STREAM_HEADERS));
      const frames = encoder.open(opening);
      if (frames !== '') outlet.write(frames);
    },
    chunks: (from, to) => outlet.write(encoder.chunks(from, to)),
    finished(opening, from, how) {
      ending = how;
      const hangUp = how === 'close-early';
      if (!stream) return outlet.send(200, head(opening, JSON_HEADERS), encoder.whole(opening), hangUp);
      const rest = encoder.chunks(from, opening.output.chunks) + encoder.close();
      if (how === 'late-done') outlet.write(rest);
      else if (how === 'late-end') outlet.write(rest + encoder.terminator());
      else outlet.end(rest + encoder.terminator(), hangUp);
    },
    done: () => outlet.end(ending === 'late-done' ? encoder.terminator() : ''),
    broken: (how, opening) => broken[how](opening),
  };
};
