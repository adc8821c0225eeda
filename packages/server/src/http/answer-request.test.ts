import { expect, test } from 'vitest';
import type { OpenFace } from '../face.ts';
import { Problem } from '../problem.ts';
import { ask, get, openListener, statusesIn, talk, told } from './listener.fixture.ts';

/** Has a problem of the code that is the path. */
const troubled: OpenFace = {
  answer({ url }) {
    if (url === '/bug') throw new Error('a bug');
    if (url === '/') return { status: 204, headers: [], body: '' };
    throw new Problem(url === '/busy' ? 'store-busy' : 'usage', 'a secret detail');
  },
  explain: () => undefined,
};

test('a problem of a face is told by its title, and the detail to us only', async () => {
  const problems: Problem[] = [];
  const listener = await openListener({}, { faces: [troubled], onProblem: (one) => void problems.push(one) });
  const busy = await ask(listener, '/busy');
  expect([busy.status, busy.body]).toEqual([503, 'The database is busy']);
  expect(busy.headers).toMatchObject({
    'cache-control': 'no-store',
    'retry-after': '5',
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  const usage = await ask(listener, '/usage');
  expect([usage.status, usage.body]).toEqual([400, 'The command or request was not understood']);
  expect(usage.headers).not.toHaveProperty('retry-after');
  expect(problems.map(({ code, detail }) => [code, detail])).toEqual([
    ['store-busy', 'a secret detail'],
    ['usage', 'a secret detail'],
  ]);
  expect(told.bugs).toEqual([]);
});

test('a problem needs nobody who listens', async () => {
  const listener = await openListener({}, { faces: [troubled] });
  expect((await ask(listener, '/busy')).status).toBe(503);
});

test('every answer is measured, whatever it says, and what never goes out is not', async () => {
  const measured: [status: number, seconds: number][] = [];
  const meter = {
    answered: (status: number, seconds: number) => void measured.push([status, seconds]),
    refused: (reason: string) => void told.asked.push(reason),
  };
  const listener = await openListener({}, { faces: [troubled], meter });
  for (const path of ['/', '/bug', '/busy', `/${'a'.repeat(9000)}`]) await ask(listener, path);
  const { whole } = await talk(listener, get('/', 'Upgrade: h2c\r\n') + get('/usage'));
  expect(statusesIn(await whole)).toEqual([204]);
  const { whole: junk } = await talk(listener, 'junk\r\n\r\n');
  expect(statusesIn(await junk)).toEqual([400]);
  expect(measured.map(([status]) => status)).toEqual([204, 500, 503, 414, 204]);
  for (const [, seconds] of measured) {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(10);
  }
  expect(told.asked).toEqual(['url', 'malformed']);
});
