import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockServer, startMockServer } from '../../mock-server/carriers/tcp.ts';

/** How bodies arrive that no SDK sends: in pieces, several requests at once, or not to their end. */

let server: MockServer;

beforeAll(async () => {
  server = await startMockServer({ profile: 'unlimited', maxBodyBytes: 2000 });
});

afterAll(() => server.close());

const body = (text: string): string =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }] });

const head = (fields: string): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\ncontent-type: application/json\r\nauthorization: Bearer k\r\n${fields}\r\n\r\n`;

const request = (text: string): string => {
  const json = body(text);
  return `${head(`content-length: ${json.length}`)}${json}`;
};

const open = async (): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
  await once(socket, 'connect');
  return socket.setEncoding('utf8');
};

/** What comes until `count` answers have begun. */
const statuses = async (socket: Socket, count: number): Promise<readonly string[]> => {
  let text = '';
  for await (const piece of socket) {
    text += piece as string;
    const found = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');
    if (found.length >= count) return found;
  }
  return [];
};

test('a body in many pieces of a chunked upload is read whole', async () => {
  const socket = await open();
  socket.write(head('transfer-encoding: chunked'));
  for (const character of body('hello')) socket.write(`1\r\n${character}\r\n`);
  socket.write('0\r\n\r\n');
  expect(await statuses(socket, 1)).toEqual(['200']);
});

test('requests that arrive in one packet are answered in their order, each with its own body', async () => {
  const socket = await open();
  socket.write(
    [request('one'), request('x'.repeat(3000)), head('content-length: 3'), '{{{', request('four')].join(''),
  );
  expect(await statuses(socket, 4)).toEqual(['200', '413', '400', '200']);
});

test('a connection serves one request after another', async () => {
  const socket = await open();
  for (let round = 0; round < 3; round++) {
    const answered = once(socket, 'data');
    socket.write(request('again'));
    expect((await answered)[0]).toMatch(/^HTTP\/1\.1 200/);
  }
  socket.destroy();
});

test('a request without a body, and one that is cut off in it, leave no trace and disturb nobody', async () => {
  const before = server.engine.ledger.totals().attempts;
  const cut = await open();
  cut.write(`${head('content-length: 500')}{"model":`);
  const socket = await open();
  socket.write('GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer k\r\n\r\n');
  expect(await statuses(socket, 1)).toEqual(['200']);
  cut.destroy();
  const last = await open();
  last.write(request('last'));
  expect(await statuses(last, 1)).toEqual(['200']);
  expect(server.engine.ledger.totals().attempts).toBe(before + 1);
});
