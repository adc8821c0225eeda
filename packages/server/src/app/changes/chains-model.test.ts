import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../problem.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { furnish, made, operator, patched, startMs, type Workshop, workshopOver } from './changing.fixture.ts';
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { findChain } from './find-chain.ts';
import { proposeChain } from './propose-chain.ts';
import { rampSteps } from './ramp-steps.ts';
import { stopUpdates } from './stop-updates.ts';
import { vetoChain } from './veto-chain.ts';
import { vetoChange } from './veto-change.ts';

const openStore = temporaryStores();
const runs = process.env['SLUICE_SOAK'] === '1' ? 1000 : 40;
const hourMs = 3_600_000;

const percent = fc.integer({ min: 0, max: 100 });
const nth = fc.nat(3);
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('enact next' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enact' as const), nth }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('veto' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('veto all' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), nth, percent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit elsewhere' as const), percent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set free' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

interface Table {
  readonly shop: Workshop;
  readonly rule: string;
  readonly id: number;
  readonly percents: number[];
  /** What was done last to the share. */
  share: number;
  enactedAtMs: number;
}

test('whatever is done to a chain, it is enacted in its order, ends in one piece, and leaves the share of the last step', {
  timeout: 600_000,
}, async () => {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  const body = { priority: 1, product: 'Chained', release: 'Firefox-desupport' };
  await shop.propose(operator, [
    made('notifier', 'nobody', { transport: 'none' }),
    ...Array.from({ length: runs }, (_, i) => made('rule', String(100 + i), { ...body, channel: `c${i}` })),
  ]);
  const ends = new Set<string>();
  let run = 0;
  const property = fc.asyncProperty(
    fc.array(percent, { minLength: 4, maxLength: 4 }),
    fc.array(act, { minLength: 6, maxLength: 20, size: 'max' }),
    async (percents, acts) => {
      shop.setClock(startMs + run * 1000 * hourMs);
      const rule = String(100 + (run++ % runs));
      const steps = percents.map((one, i) => ({ percent: one, hold: i === 0 ? undefined : 'PT1H' }));
      const { chain } = await shop.as(operator, (desk) =>
        proposeChain(desk, { reason: 'a test', priority: 0, steps: rampSteps(desk, { rule, steps }) }),
      );
      const enactedAtMs = shop.changing.nowMs();
      const table: Table = { shop, rule, id: chain.id, percents, share: percents[0] ?? 0, enactedAtMs };
      for (const one of acts) {
        await doAct(table, one);
        await check(table);
      }
      ends.add(await statesOf(table));
    },
  );
  await fc.assert(property, { numRuns: runs, seed: 20261121, endOnFailure: true });
  expect(ends.size).toBeGreaterThan(4);
});

async function doAct(table: Table, one: Act): Promise<void> {
  const { shop, rule, id, percents } = table;
  const version = (await shop.get('rule', rule))?.version ?? 0;
  const edits = (to: number) => [patched('rule', rule, version, { share: { kind: 'percent', percent: to } })];
  switch (one.do) {
    case 'wait':
      return shop.setClock(shop.changing.nowMs() + hourMs / 2);
    case 'enact next':
      return enact(table, (await statesOf(table)).search(/[^e]/));
    case 'enact':
      return enact(table, one.nth);
    case 'veto':
      return attempt(shop.act(operator, id + one.nth, (desk, change) => vetoChange(desk, change, 'no'))).then();
    case 'veto all':
      return attempt(shop.as(operator, async (desk) => vetoChain(desk, await findChain(desk.tx, id), 'no'))).then();
    case 'edit': {
      const rewriting = { edits: edits(one.percent), voidSignOffs: true };
      if (await attempt(shop.act(operator, id + one.nth, (desk, change) => editChange(desk, change, rewriting))))
        percents[one.nth] = one.percent;
      return;
    }
    case 'edit elsewhere':
      await shop.propose(operator, edits(one.percent));
      table.share = one.percent;
      return;
    case 'set free': {
      if (one.nth === 0) return;
      const rewriting = { condition: { now: true }, voidSignOffs: true } as const;
      const edited = shop.act(operator, id + one.nth, (desk, change) => editChange(desk, change, rewriting));
      expect(await attempt(edited)).toBe(false);
      return;
    }
    case 'stop':
      await shop.as(operator, (desk) =>
        stopUpdates(desk, { product: 'Chained', channel: `c${Number(rule) - 100}` }, 'it crashes'),
      );
  }
}

/** It comes to be exactly when it is the next one, the hold is over and nobody else has altered the same. */
async function enact(table: Table, nth: number): Promise<void> {
  const { shop, id, percents, enactedAtMs } = table;
  if (nth < 0) return;
  const states = await statesOf(table);
  const isNext = states[nth] === 'p' && states.search(/[^e]/) === nth;
  const isOver = shop.changing.nowMs() >= enactedAtMs + hourMs;
  const isFree = (await shop.change(id + nth)).conflicts.length === 0;
  const isEnacted = await attempt(shop.act(operator, id + nth, enactChange));
  expect(isEnacted).toBe(states[nth] === 'e' || (isNext && isOver && isFree));
  if (!isEnacted || states[nth] === 'e') return;
  table.share = percents[nth] ?? 0;
  table.enactedAtMs = shop.changing.nowMs();
}

async function check(table: Table): Promise<void> {
  expect(await statesOf(table)).toMatch(/^e+p*v*$/);
  const object = await table.shop.get('rule', table.rule);
  expect(object?.body).toMatchObject({ share: { kind: 'percent', percent: table.share } });
}

/** The first letter of the state of each step. */
async function statesOf({ shop, id }: Table): Promise<string> {
  const { steps } = await shop.store.read((view) => findChain(view, id));
  return steps.map(({ state }) => state[0]).join('');
}

/** Whether an act was let through. */
async function attempt(acting: Promise<unknown>): Promise<boolean> {
  try {
    await acting;
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
