/**
 * The yardstick of `mock.bench.ts`: `node:http` that reads the request whole and answers a constant with as many header fields
 * and about as many bytes as the mock does. Asked for a stream, it sends constant chunks at fixed instants from one timer, and
 * measures how late it is, as the mock does: what it cannot keep, no server on this machine can.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Lateness } from '../../mock-server/engine/lateness.ts';

const BODY = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  choices: [{ message: { content: 'x'.repeat(630) } }],
});
const HEADERS = {
  'x-request-id': 'req_00000000000000000000000000000000',
  'openai-organization': 'org-mock',
  'openai-processing-ms': '1',
  'openai-version': '2020-10-01',
  'content-type': 'application/json',
};
const CHUNK = `data: {"id":"${'x'.repeat(140)}","delta":{"content":" word"}}\n\n`;

interface Stream {
  readonly response: ServerResponse;
  readonly firstAt: number;
  readonly gap: number;
  readonly tokens: number;
  sent: number;
}

const streams = new Set<Stream>();
const lateness = new Lateness();

const pump = (): void => {
  for (const stream of streams) {
    const now = performance.now();
    let due = stream.firstAt + stream.sent * stream.gap;
    while (stream.sent < stream.tokens && due <= now) {
      lateness.record(now - due);
      stream.response.write(CHUNK);
      due = stream.firstAt + ++stream.sent * stream.gap;
    }
    if (stream.sent < stream.tokens) continue;
    streams.delete(stream);
    stream.response.end('data: [DONE]\n\n');
  }
};
setInterval(pump, 1);

const server = createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (request, response) => {
  if (request.url === '/__bench/state') {
    response.end(JSON.stringify({ lateness: lateness.summary() }));
    return;
  }
  if (request.url === '/__bench/reset') {
    lateness.reset();
    response.end();
    return;
  }
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const text = Buffer.concat(pieces).toString();
    const tokens = Number(/"stream":true.*"max_tokens":(\d+)/.exec(text)?.[1] ?? 0);
    if (tokens > 0) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      streams.add({ response, firstAt: performance.now() + 2000, gap: 20, tokens, sent: 0 });
      return;
    }
    response.writeHead(text === '' ? 400 : 200, { ...HEADERS, 'content-length': BODY.length });
    response.end(BODY);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
