/** The yardstick of `mock.bench.ts`: `node:http` that reads the request and answers a constant. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  choices: [{ message: { content: 'x'.repeat(400) } }],
});

const server = createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
    response.end(BODY);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
