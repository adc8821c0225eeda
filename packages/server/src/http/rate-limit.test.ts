import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, keepAliveAgent, openListener, told } from './listener.fixture.ts';
import { RateLimit } from './rate-limit.ts';
import type { RefusalsTold } from './refusals.ts';

describe('a rate', () => {
  test('lets a burst through, and then one after the other', () => {
    const rate = new RateLimit({ perSecond: 10, burst: 3 });
    expect([0, 0, 0, 0].map((nowMs) => rate.take('a', nowMs))).toEqual([0, 0, 0, 100]);
    expect(rate.take('a', 50)).toBe(50);
    expect(rate.take('a', 100)).toBe(0);
    expect(rate.take('a', 100)).toBe(100);
    expect([1000, 1000, 1000, 1000].map((nowMs) => rate.take('a', nowMs))).toEqual([0, 0, 0, 100]);
  });

  test('can be asked for how long there is none, which takes nothing', () => {
    const rate = new RateLimit({ perSecond: 10, burst: 1 });
    expect([0, 0, 0].map((nowMs) => rate.waitMs('a', nowMs))).toEqual([0, 0, 0]);
    expect(rate.take('a', 0)).toBe(0);
    expect([rate.waitMs('a', 40), rate.waitMs('a', 40), rate.waitMs('a', 100)]).toEqual([60, 60, 0]);
  });

  test('below one per second is a rate too', () => {
    const rate = new RateLimit({ perSecond: 0.5, burst: 1 });
    expect([0, 1, 1999, 2000, 2001].map((nowMs) => rate.take('a', nowMs))).toEqual([0, 1999, 1, 0, 1999]);
  });

  test('is that of each key by itself', () => {
    const rate = new RateLimit({ perSecond: 1, burst: 1 });
    expect([rate.take('a', 0), rate.take('b', 0)]).toEqual([0, 0]);
    expect([rate.take('a', 0), rate.take('b', 0)]).toEqual([1000, 1000]);
  });

  test('forgets who was quiet longest when there are too many, and remembers the others', () => {
    const rate = new RateLimit({ perSecond: 1, burst: 1, mostKeys: 2 });
    for (const key of ['a', 'b', 'c']) expect(rate.take(key, 0)).toBe(0);
    expect(rate.take('c', 0)).toBe(1000);
    expect(rate.take('b', 0)).toBe(1000);
    expect(rate.take('a', 0)).toBe(0);
  });

  test('never lets more through in any time than the burst and what the rate gives', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
    fc.assert(
      fc.property(waits, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 }), (gaps, perSecond, burst) => {
        const rate = new RateLimit({ perSecond, burst });
        const taken: number[] = [];
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          if (rate.take('a', nowMs) === 0) taken.push(nowMs);
        }
        for (const [first, from] of taken.entries())
          for (const [last, to] of taken.entries())
            if (last >= first)
              expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * perSecond) / 1000 + 1e-6);
      }),
      { seed: 20_261_121, numRuns: 200 },
    );
  });
});

const limits = { requestsPerSecond: 0.1, requestBurst: 2 };
const trustedProxies = ['127.0.0.1'];

async function statuses(listener: Parameters<typeof ask>[0], clients: readonly string[]): Promise<readonly number[]> {
  const agent = keepAliveAgent(1);
  const found: number[] = [];
  for (const client of clients)
    found.push((await ask(listener, '/hello', { agent, headers: { 'X-Forwarded-For': client } })).status);
  return found;
}

describe('requests of one address', () => {
  test('are 429 above the limit, and are told when to come again', async () => {
    const listener = await openListener(limits);
    expect(await statuses(listener, ['', ''])).toEqual([200, 200]);
    const { status, headers, body } = await ask(listener, '/hello');
    expect([status, body]).toEqual([429, 'Too Many Requests']);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', connection: 'close' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(5);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(10);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(told.refused).toEqual(['rate']);
    expect(told.asked).toHaveLength(2);
  });

  test('are not counted where no limit is set', async () => {
    const listener = await openListener();
    expect(new Set(await statuses(listener, Array<string>(100).fill('')))).toEqual(new Set([200]));
  });

  test('behind a trusted proxy are those of each client', async () => {
    const listener = await openListener(limits, { trustedProxies });
    const clients = ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2', '1.1.1.1, 203.0.113.1'];
    expect(await statuses(listener, clients)).toEqual([200, 200, 429, 200, 429]);
  });

  test('behind a proxy that is not trusted are those of the proxy, whatever it says', async () => {
    const listener = await openListener(limits, { trustedProxies: ['127.0.0.2'] });
    expect(await statuses(listener, ['203.0.113.1', '203.0.113.2', '203.0.113.3'])).toEqual([200, 200, 429]);
  });

  test('from one network of IPv6 are of one client', async () => {
    const listener = await openListener(limits, { trustedProxies });
    const clients = ['2001:db8::1', '2001:db8::2', '2001:db8::ffff:3', '2001:db8:0:1::1'];
    expect(await statuses(listener, clients)).toEqual([200, 200, 429, 200]);
  });

  test('are never too many for the heartbeats', async () => {
    const listener = await openListener(limits);
    expect(await statuses(listener, ['', '', ''])).toEqual([200, 200, 429]);
    for (let count = 0; count < 10; count += 1)
      expect(await ask(listener, '/__lbheartbeat__')).toMatchObject({ status: 200 });
  });
});

describe('what is told of those who were refused', () => {
  async function toldOf(tellAddresses: boolean): Promise<readonly RefusalsTold[]> {
    const heard: RefusalsTold[] = [];
    const onRefusals = (some: RefusalsTold): void => void heard.push(some);
    const listener = await openListener(limits, { trustedProxies, onRefusals, tellAddresses });
    await statuses(listener, ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.9']);
    expect(heard).toEqual([]);
    await listener.close(0);
    return heard;
  }

  test('are numbers, without an address', async () => {
    expect(await toldOf(false)).toEqual([{ counts: { rate: 2 } }]);
  });

  test('are addresses too where that is wanted', async () => {
    expect(await toldOf(true)).toEqual([{ counts: { rate: 2 }, addresses: { '203.0.113.1': 2 } }]);
  });
});
