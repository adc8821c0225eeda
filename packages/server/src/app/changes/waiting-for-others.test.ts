import type { Condition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { codeOf, furnish, patched, protect, user, type Workshop, workshopOver } from './changing.fixture.ts';
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { signOffChange } from './sign-off-change.ts';
import { vetoChange } from './veto-change.ts';

const openStore = temporaryStores();
const december: Condition = { time: { after: '2026-12-01T10:00:00Z' } };
const decemberMs = Date.UTC(2026, 11, 2);

async function workshop(): Promise<Workshop> {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  return shop;
}

const after = (id: number, state: 'enacted' | 'vetoed' | 'failed' = 'enacted'): Condition => ({
  change: { id, state },
});

async function proposed(shop: Workshop, percent: number, condition: Condition) {
  const edits = [patched('rule', '10', 1, { share: { kind: 'percent', percent } })];
  const { change, warnings } = await shop.propose(user('ed'), edits, { condition });
  return { id: change.id, warnings };
}

const isInConflict = async (shop: Workshop, id: number) => (await shop.change(id)).conflicts.length > 0;
const enact = (shop: Workshop, id: number) => shop.act(user('ed'), id, enactChange);
const reset = (shop: Workshop, id: number, condition: Condition) =>
  shop.act(user('ed'), id, (desk, one) => editChange(desk, one, { voidSignOffs: false, condition }));

describe('a change that waits for another', () => {
  test('is not put in conflict by one that the other waits for in turn', async () => {
    const shop = await workshop();
    const first = await proposed(shop, 25, december);
    const second = await proposed(shop, 50, { all: [december, after(first.id)] });
    const third = await proposed(shop, 100, { all: [december, after(second.id)] });
    expect(third.warnings).toEqual([]);
    shop.setClock(decemberMs);
    for (const { id } of [first, second, third]) {
      expect(await isInConflict(shop, id)).toBe(false);
      expect((await enact(shop, id)).change.state).toBe('enacted');
    }
    expect((await shop.get('rule', '10'))?.body).toMatchObject({ share: { percent: 100 } });
  });

  test('is put in conflict where it may also be enacted without it', async () => {
    const shop = await workshop();
    const first = await proposed(shop, 25, december);
    const maybe = await proposed(shop, 50, { any: [{ all: [december, { now: true }] }, after(first.id)] });
    const unless = await proposed(shop, 75, { all: [december, { not: after(first.id) }] });
    expect([maybe.warnings.length, unless.warnings.length]).toEqual([1, 2]);
    shop.setClock(decemberMs);
    await enact(shop, first.id);
    expect(await isInConflict(shop, maybe.id)).toBe(true);
    expect(await isInConflict(shop, unless.id)).toBe(true);
  });

  test('is not put in conflict when it waits for whatever becomes of it', async () => {
    const shop = await workshop();
    const first = await proposed(shop, 25, december);
    const second = await proposed(shop, 50, { any: [after(first.id), after(first.id, 'vetoed')] });
    shop.setClock(decemberMs);
    await enact(shop, first.id);
    expect(await isInConflict(shop, second.id)).toBe(false);
  });

  test('cannot be waited for by that one, by itself or by way of others', async () => {
    const shop = await workshop();
    const first = await proposed(shop, 25, december);
    const second = await proposed(shop, 50, after(first.id));
    const third = await proposed(shop, 75, after(second.id));
    await expect(reset(shop, first.id, after(third.id))).rejects.toThrow('wait for each other');
    await expect(reset(shop, first.id, after(first.id))).rejects.toThrow('wait for itself');
    expect((await reset(shop, first.id, { any: [december, after(third.id)] })).change.state).toBe('pending');
  });
});

describe('a condition that can never be true', () => {
  test.each<[string, Condition]>([
    ['its time has passed', { time: { before: '2026-11-01T10:00:00Z' } }],
    ['it contradicts itself', { not: { now: true } }],
    ['its times exclude each other', { all: [december, { time: { before: '2026-11-30T00:00:00Z' } }] }],
  ])('is refused: %s', async (_, condition) => {
    const shop = await workshop();
    await expect(proposed(shop, 25, condition)).rejects.toThrow('never be true');
  });

  test('is refused where it waits for what can never come of a change that is over', async () => {
    const shop = await workshop();
    const first = await proposed(shop, 25, december);
    await shop.act(user('ed'), first.id, (desk, one) => vetoChange(desk, one, 'no'));
    expect(await codeOf(proposed(shop, 50, after(first.id)))).toBe('invalid-object');
    expect(await codeOf(proposed(shop, 50, { all: [december, after(first.id, 'failed')] }))).toBe('invalid-object');
    expect((await proposed(shop, 50, { any: [december, after(first.id)] })).warnings).toEqual([]);
    expect((await proposed(shop, 50, after(first.id, 'vetoed'))).id).toBeGreaterThan(first.id);
  });
});

test('what would alter nothing before another change is there takes its sign-offs all the same', async () => {
  const shop = await workshop();
  await protect(shop);
  const up = await proposed(shop, 25, december);
  // The rule admits everybody now, as it will again after the second one.
  const back = await proposed(shop, 100, { all: [december, after(up.id)] });
  const sign = (id: number, who: string) =>
    shop.act(user(who), id, (desk, change) => signOffChange(desk, change, undefined));
  for (const { id } of [up, back]) for (const who of ['ada', 'mary']) await sign(id, who);
  shop.setClock(decemberMs);
  for (const { id } of [up, back]) expect((await enact(shop, id)).change.state).toBe('enacted');
  expect((await shop.get('rule', '10'))?.body).toMatchObject({ share: { percent: 100 } });
});
