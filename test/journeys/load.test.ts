import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startLoad } from './load.ts';

const targets = Array.from({ length: 20 }, (_, index) => ({ path: `/${index}`, body: `answer ${index}` }));

/** What the load finds at a server that treats the question about `/7` in its own way. */
async function reportOn(fate: 'right' | 'wrong' | 'error' | 'cut' | 'close after') {
  const server = createServer((request, response) => {
    const number = request.url?.slice(1);
    if (number !== '7' || fate === 'right') return response.end(`answer ${number}`);
    if (fate === 'cut')
      return response.writeHead(200, { 'Content-Length': 100 }).write('ans', () => response.destroy());
    if (fate === 'close after') return response.end(`answer ${number}`, () => response.socket?.destroySoon());
    return response.writeHead(fate === 'error' ? 503 : 200).end(fate === 'wrong' ? 'answer 8' : 'answer 7');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const load = startLoad({ port, targets, perSecond: 500, connections: 8 });
  await pause(500);
  const report = await load.stop();
  server.close();
  return report;
}

test('the load asks at its pace, and what is wrong or fails is seen', async () => {
  const right = await reportOn('right');
  expect(right).toMatchObject({ wrong: 0, failed: 0, retried: 0, complaints: [] });
  expect(right.right).toBe(right.asked);
  expect(right.asked).toBeGreaterThanOrEqual(245);
  expect(right.slowestMs).toBeGreaterThanOrEqual(right.p50Ms);

  for (const [fate, kind] of [
    ['wrong', 'wrong'],
    ['error', 'wrong'],
    ['cut', 'failed'],
  ] as const) {
    const report = await reportOn(fate);
    expect(report[kind], fate).toBeGreaterThanOrEqual(Math.floor(report.asked / 20));
    expect(report.right + report.wrong + report.failed).toBe(report.asked);
    expect(report.complaints[0]).toMatch(/^\/7: /);
  }
  expect(await reportOn('close after')).toMatchObject({ wrong: 0, failed: 0 });
});
