import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * The ceiling: a bare node:http server that finds ready headers and bytes by the request line and sends them.
 * Takes a JSON file of `[url, status, headers, body]` and prints its port.
 */
type Answer = readonly [url: string, status: number, headers: readonly string[], body: string];

const file = process.argv[2] ?? '';
const answers = new Map(
  (JSON.parse(readFileSync(file, 'utf8')) as readonly Answer[]).map(([url, status, headers, body]) => [
    url,
    { status, headers: [...headers], body: Buffer.from(body) },
  ]),
);

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const answer = answers.get(request.url ?? '');
  if (answer === undefined) {
    response.writeHead(404, ['Content-Length', '0']);
    response.end();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : '');
});
process.on('SIGTERM', () => process.exit(0));
