import { expect, test } from 'vitest';
import { countedFrom } from './counted.fixture.ts';
import { crashes } from './crashes.ts';
import { describeOwnSignal } from './own-signal.contract.ts';

describeOwnSignal(crashes, [{ product: 'Firefox' }, { product: 'Firefox', version: '2.0', channel: 'release' }]);

const read = (active: number, crashed: number) =>
  crashes.read(
    { product: 'Firefox', version: '2.0' },
    countedFrom([
      ...(active === 0 ? [] : [{ event: 'active-today', version: '2.0', count: active } as const]),
      { event: 'crashed-today', version: '2.0', count: crashed },
      { event: 'check', version: '2.0', count: active },
      { event: 'active-today', version: '1.0', count: 10_000 },
    ]),
  );

test('crashes are for each install that was active', async () => {
  const { value, note } = await read(200, 5);
  expect([value, note]).toEqual([0.025, '5 reports of crashes, and 200 of active installs, in 1 day']);
});

test('of fewer than a hundred installs nothing is said', async () => {
  for (const active of [0, 1, 99]) expect((await read(active, 5)).value).toBeUndefined();
  expect((await read(100, 5)).value).toBe(0.05);
});
