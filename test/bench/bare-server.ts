/**
 * The yardstick of `mock.bench.ts`: `node:http` that reads the request whole and answers a constant with as many header fields
 * and about as many bytes as the mock does.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  'content-length': BODY.length,
};

const server = createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    if (Buffer.concat(pieces).toString() === '') response.statusCode = 400;
    response.writeHead(response.statusCode, HEADERS);
    response.end(BODY);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
