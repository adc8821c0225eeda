import type { Condition, Reading } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { OwnSignal, ReadingQuery } from '../../signal.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import {
  codeOf,
  furnish,
  made,
  operator,
  patched,
  startMs,
  user,
  type Workshop,
  workshopOver,
} from './changing.fixture.ts';
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { factsOf } from './facts-of.ts';
import { judge } from './judge.ts';

const openStore = temporaryStores();
const minuteMs = 60_000;
const program = { kind: 'service-account', name: 'ci' } as const;
const iso = (ms: number) => new Date(ms).toISOString();
const share = (percent: number) => ({ share: { kind: 'percent', percent } });
const half = (version: number) => [patched('rule', '10', version, share(50))];

const crashRate: Condition = { signal: { name: 'crash-rate', op: '<', value: 0.02, for: 'PT10M' } };
const uptake: Condition = { signal: { uptake: { product: 'Firefox', version: '2.0' }, op: '>=', value: 100 } };

/** A workshop with a signal outside, a population, and a counter that says what the test wants. */
async function workshop(counted: { reading: Reading } = { reading: { asOfMs: startMs, note: 'nothing' } }) {
  const own: OwnSignal = { name: 'uptake', summary: 'a test', read: async () => counted.reading };
  const shop = workshopOver(await openStore(), { ownSignals: [own] });
  await furnish(shop);
  await shop.store.write((tx) =>
    tx.mergeCounts({ source: 'a', sequence: 1, throughMs: startMs, counts: [] }, startMs).then(() => undefined),
  );
  await shop.propose(operator, [
    made('signal', 'crash-rate', { product: 'Firefox', source: 'prometheus', url: 'https://example.org', query: 'up' }),
    made('signal', 'hidden', { product: 'Thunderbird', source: 'prometheus', url: 'https://example.org', query: 'up' }),
    made('population', 'Firefox', { product: 'Firefox', checkInterval: 'PT6H' }),
    made('notifier', 'nobody', { transport: 'none' }),
  ]);
  return shop;
}

/** Writes down what an agent has read, by how many minutes ago it was so. */
function report(shop: Workshop, condition: Condition, readings: readonly (readonly [number, number?])[]) {
  const signal = 'signal' in condition ? signalKey(condition.signal) : '';
  return shop.store.write((tx) =>
    tx.putReadings(
      readings.map(([ago, value]) => ({
        signal,
        asOfMs: startMs - ago * minuteMs,
        ...(value !== undefined && { value }),
        note: 'read by a test',
        atMs: startMs,
        by: 'system',
      })),
    ),
  );
}

async function facts(shop: Workshop, id: number) {
  const change = await shop.change(id);
  return shop.as(operator, (desk) => factsOf(desk, change));
}

describe('a condition on a signal', () => {
  test('is read once, however many parts compare it', async () => {
    const shop = await workshop();
    await report(shop, crashRate, [[0, 0.01]]);
    const parts = [1, 2, 3, 4].map((value): Condition => ({ signal: { name: 'crash-rate', op: '>', value } }));
    const { change } = await shop.propose(user('ed'), half(1), { condition: { any: parts } });
    const asked: unknown[] = [];
    const { truth } = await shop.as(operator, (desk) => {
      const readings = (query: ReadingQuery) => {
        asked.push(query);
        return desk.tx.readings(query);
      };
      return judge({ ...desk, tx: { ...desk.tx, readings } }, change, []);
    });
    // Once to judge, and once to tell what is to be expected.
    expect([truth, asked.length]).toEqual(['false', 2]);
  });

  test('is judged by what was read outside, and waits while that is not enough', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), half(1), { condition: crashRate });
    expect(change.state).toBe('pending');
    await expect(shop.act(user('ed'), change.id, enactChange)).rejects.toThrow(
      'is unknown: it waits for signal crash-rate < 0.02 for PT10M: nothing was read yet',
    );
    await report(shop, crashRate, [
      [8, 0.01],
      [4, 0.01],
      [0, 0.01],
    ]);
    expect(await facts(shop, change.id)).toMatchObject({
      truth: 'unknown',
      expectedAtMs: startMs + 2 * minuteMs,
      leaves: [{ signal: 'signal/crash-rate', reading: { value: 0.01, asOfMs: startMs } }],
    });
    await report(shop, crashRate, [[12, 0.01]]);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
    const [entry] = await shop.store.read((view) => view.audit({ change: change.id, limit: 1 }));
    expect(entry?.detail).toMatchObject({
      evidence: [
        {
          leaf: crashRate,
          truth: 'true',
          signal: 'signal/crash-rate',
          reading: { asOfMs: startMs, value: 0.01, note: 'read by a test' },
          holdsSinceMs: startMs - 12 * minuteMs,
        },
      ],
    });
  });

  test('is judged by our own counters as they are at that moment, whatever was written down of them', async () => {
    const counted = { reading: { asOfMs: startMs, value: 99, note: 'counted' } };
    const shop = await workshop(counted);
    const { change } = await shop.propose(user('ed'), half(1), { condition: uptake });
    await report(shop, uptake, [
      [1, 500],
      [-1, 500],
    ]);
    expect(await codeOf(shop.act(program, change.id, enactChange))).toBe('change-not-due');
    counted.reading = { asOfMs: startMs, value: 100, note: 'counted' };
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
  });

  test('latches on what was since the condition is what it is', async () => {
    const shop = await workshop();
    const latched: Condition = { signal: { name: 'crash-rate', op: '<', value: 0.02, latched: true } };
    await report(shop, latched, [
      [30, 0.01],
      [0, 0.5],
    ]);
    const { change } = await shop.propose(user('ed'), half(1), { condition: crashRate });
    expect(change.conditionSinceMs).toBeUndefined();
    shop.setClock(startMs + 5 * minuteMs);
    const edited = await shop.act(user('ed'), change.id, (desk, one) =>
      editChange(desk, one, { condition: latched, voidSignOffs: false }),
    );
    expect(edited.change.conditionSinceMs).toBe(startMs + 5 * minuteMs);
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-not-due');
    await report(shop, latched, [
      [-6, 0.01],
      [-7, 0.5],
    ]);
    shop.setClock(startMs + 60 * minuteMs);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
  });

  test('latches on nothing that was read before the signal was altered', async () => {
    const shop = await workshop();
    const latched: Condition = { signal: { name: 'crash-rate', op: '<', value: 0.02, latched: true } };
    const { change } = await shop.propose(user('ed'), half(1), { condition: latched });
    await report(shop, latched, [[0, 0.01]]);
    expect(await facts(shop, change.id)).toMatchObject({ truth: 'true' });
    shop.setClock(startMs + minuteMs);
    await shop.propose(operator, [patched('signal', 'crash-rate', 1, { query: 'down' })]);
    expect(await facts(shop, change.id)).toMatchObject({ truth: 'unknown' });
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-not-due');
  });

  test('is refused where the signal is not there, or not to be seen by whoever proposes it', async () => {
    const shop = await workshop();
    const refused = (condition: Condition) => shop.propose(user('ed'), half(1), { condition });
    await expect(refused({ signal: { name: 'nothing', op: '>', value: 1 } })).rejects.toThrow(
      'there is no signal nothing',
    );
    await expect(refused({ signal: { name: 'hidden', op: '>', value: 1 } })).rejects.toThrow(
      'there is no signal hidden',
    );
    const other = { product: 'Thunderbird', version: '1.0' };
    await expect(refused({ signal: { uptake: other, op: '>', value: 1 } })).rejects.toThrow(
      'may not see what is counted',
    );
    const unknown = { signal: { uptake: other, op: '>', value: 1 } } as const;
    await expect(shop.propose(operator, half(1), { condition: unknown })).rejects.toThrow('no population Thunderbird');
  });

  test('keeps what it reads from being deleted', async () => {
    const shop = await workshop();
    const gone = (kind: 'signal' | 'population', name: string) =>
      codeOf(shop.propose(operator, [{ kind, name, expectedVersion: 1, op: 'delete' }]));
    await shop.propose(user('ed'), half(1), { condition: { any: [crashRate, uptake] } });
    expect(await gone('signal', 'crash-rate')).toBe('object-in-use');
    expect(await gone('population', 'Firefox')).toBe('object-in-use');
    expect(await gone('signal', 'hidden')).toBe('none');
  });
});

test('another change has to be what it is for a time, and what can never come together is refused', async () => {
  const shop = await workshop();
  const first = await shop.propose(user('ed'), half(1), { condition: { time: { after: iso(startMs + minuteMs) } } });
  const condition: Condition = { change: { id: first.change.id, state: 'enacted', for: 'PT1H' } };
  const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(0))], { condition });
  shop.setClock(startMs + minuteMs);
  await shop.act(user('ed'), first.change.id, enactChange);
  expect(await facts(shop, change.id)).toMatchObject({ truth: 'false', expectedAtMs: startMs + 61 * minuteMs });
  shop.setClock(startMs + 60 * minuteMs);
  expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-not-due');
  shop.setClock(startMs + 61 * minuteMs);
  expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
  const day = (name: 'mon' | 'tue'): Condition => ({
    hours: { days: [name], from: '09:00', to: '17:00', zone: 'UTC' },
  });
  const never = { all: [day('mon'), day('tue')] };
  await expect(shop.propose(user('ed'), half(3), { condition: never })).rejects.toThrow('can never be true');
});

describe('a freeze', () => {
  const scheduled: Condition = { time: { after: iso(startMs) } };

  async function frozen(channel: string) {
    const shop = await workshop();
    const body = {
      product: 'Firefox',
      channel,
      from: iso(startMs),
      to: iso(startMs + 60 * minuteMs),
      reason: 'holidays',
    };
    await shop.propose(operator, [made('freeze', 'holidays', body)]);
    return shop;
  }

  test('holds what a program would have enacted, says until when, and is over then', async () => {
    const shop = await frozen('rel*');
    await shop.propose(user('ed'), [patched('rule', '10', 1, share(10))]);
    const { change } = await shop.propose(user('ed'), half(2), { condition: scheduled });
    await expect(shop.act(program, change.id, enactChange)).rejects.toThrow(
      `change ${change.id} is held by freeze holidays until ${iso(startMs + 60 * minuteMs)} (holidays)`,
    );
    expect(await codeOf(shop.act(program, change.id, enactChange))).toBe('frozen');
    expect((await facts(shop, change.id)).freezes).toEqual([
      { name: 'holidays', untilMs: startMs + 60 * minuteMs, reason: 'holidays' },
    ]);
    shop.setClock(startMs + 60 * minuteMs);
    expect(await codeOf(shop.act(program, change.id, enactChange))).toBe('none');
    expect((await shop.change(change.id)).state).toBe('enacted');
  });

  test('lets pass what lowers a risk, what lies elsewhere, and a person, who is told of it', async () => {
    const shop = await frozen('release');
    const lower = await shop.propose(user('ed'), half(1), { condition: scheduled });
    expect((await facts(shop, lower.change.id)).freezes).toEqual([]);
    expect((await shop.act(program, lower.change.id, enactChange)).change.state).toBe('enacted');
    const higher = await shop.propose(user('ed'), [patched('rule', '10', 2, share(60))], { condition: scheduled });
    const { change, warnings } = await shop.act(user('ed'), higher.change.id, enactChange);
    expect([change.state, warnings.map(({ at }) => at)]).toEqual(['enacted', ['freeze holidays']]);
    const beta = await frozen('beta');
    const elsewhere = await beta.propose(user('ed'), half(1), { condition: scheduled });
    expect((await facts(beta, elsewhere.change.id)).freezes).toEqual([]);
  });
});
