import type { Condition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { temporaryStores } from '../temporary-store.fixture.ts';
import {
  codeOf,
  furnish,
  made,
  operator,
  patched,
  protect,
  startMs,
  user,
  type Workshop,
  workshopOver,
} from './changing.fixture.ts';
import type { Desk } from './desk.ts';
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { explainChain } from './explain-chain.ts';
import { type Chain, findChain } from './find-chain.ts';
import { type ActedChain, type ProposedStep, proposeChain } from './propose-chain.ts';
import { type RampWish, rampSteps } from './ramp-steps.ts';
import { signOffChain } from './sign-off-chain.ts';
import { signOffChange } from './sign-off-change.ts';
import { vetoChain } from './veto-chain.ts';
import { vetoChange } from './veto-change.ts';
import { withdrawChainSignOff } from './withdraw-chain-sign-off.ts';

const openStore = temporaryStores();
const hourMs = 3_600_000;
const atOne: Condition = { time: { after: '2026-11-21T13:00:00Z' } };
const ed = user('ed');
/** 1 % at one o'clock, 5 % an hour later, back to 0 % after the third. */
const rollout: RampWish = {
  rule: '10',
  steps: [
    { percent: 1, if: atOne },
    { percent: 5, hold: 'PT1H' },
  ],
  back: { percent: 0, when: { time: { after: '2026-11-21T15:00:00Z' } } },
};

async function workshop({ isProtected = false } = {}): Promise<Workshop> {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  await shop.propose(operator, [made('notifier', 'nobody', { transport: 'none' })]);
  if (isProtected) await protect(shop);
  return shop;
}

const proposed = (shop: Workshop, wish: RampWish = rollout): Promise<ActedChain> =>
  shop.as(ed, (desk) => proposeChain(desk, { reason: 'a test', priority: 0, steps: rampSteps(desk, wish) }));
const inSteps = (shop: Workshop, steps: readonly ProposedStep[]): Promise<ActedChain> =>
  shop.as(ed, (desk) => proposeChain(desk, { reason: 'a test', priority: 0, steps }));
const chainOf = (shop: Workshop, id: number): Promise<Chain> => shop.store.read((view) => findChain(view, id));
const upon = (shop: Workshop, who: string, id: number, verb: (desk: Desk, chain: Chain) => Promise<ActedChain>) =>
  shop.as(user(who), async (desk) => verb(desk, await findChain(desk.tx, id)));
const enact = (shop: Workshop, id: number) => shop.act(ed, id, enactChange);
const sign = (shop: Workshop, who: string, id: number, role?: string) =>
  upon(shop, who, id, (desk, chain) => signOffChain(desk, chain, role));
const explained = (shop: Workshop, id: number) =>
  shop.as(ed, async (desk) => explainChain(desk, await findChain(desk.tx, id)));
const statesOf = async (shop: Workshop, id: number) => (await chainOf(shop, id)).steps.map(({ state }) => state);
const shareOf = async (shop: Workshop) => {
  const { body } = (await shop.get('rule', '10')) ?? {};
  return (body as { readonly share: { readonly percent: number } }).share.percent;
};
const setHours = (shop: Workshop, hours: number): void => shop.setClock(startMs + hours * hourMs);

describe('a chain', () => {
  test('is enacted step by step, each after the hold, and in no other order', async () => {
    const shop = await workshop();
    const { chain, warnings } = await proposed(shop);
    const ids = chain.steps.map(({ id }) => id);
    const [one = 0, two = 0, three = 0] = ids;
    expect([warnings, ids]).toEqual([[], [chain.id, chain.id + 1, chain.id + 2]]);
    expect(chain.steps.map(({ chain: step }) => step)).toEqual(
      [1, 2, 3].map((step) => ({ id: chain.id, step, of: 3 })),
    );
    for (const id of ids) expect(await codeOf(enact(shop, id))).toBe('change-not-due');
    setHours(shop, 1);
    await enact(shop, one);
    expect((await shop.change(two)).dueAtMs).toBe(startMs + 2 * hourMs);
    setHours(shop, 1.9);
    expect(await codeOf(enact(shop, two))).toBe('change-not-due');
    setHours(shop, 9);
    expect(await codeOf(enact(shop, three))).toBe('change-not-due');
    await enact(shop, two);
    expect(await shareOf(shop)).toBe(5);
    await enact(shop, three);
    expect([await shareOf(shop), await statesOf(shop, chain.id)]).toEqual([0, ['enacted', 'enacted', 'enacted']]);
  });

  test('begins at once where its first step waits for nothing and nobody', async () => {
    const shop = await workshop();
    const { chain } = await proposed(shop, { rule: '10', steps: [{ percent: 1 }, { percent: 5, hold: 'PT1H' }] });
    expect(chain.steps.map(({ state }) => state)).toEqual(['enacted', 'pending']);
    expect([chain.steps[1]?.conflicts, await shareOf(shop)]).toEqual([[], 1]);
  });

  test('takes a ramp of before away whole, whichever step is worked out first', async () => {
    const shop = await workshop();
    const share = { kind: 'ramp', points: [{ at: '2026-11-20T00:00:00Z', percent: 50 }] };
    await shop.propose(operator, [patched('rule', '10', 1, { share: { percent: null, ...share } })]);
    const { chain } = await proposed(shop);
    expect((await explained(shop, chain.id)).ifStopped[0]).toMatchObject({ kind: 'rule', name: '10', percent: 50 });
    setHours(shop, 1);
    await enact(shop, chain.id);
    expect((await shop.get('rule', '10'))?.body).toMatchObject({ share: { kind: 'percent', percent: 1 } });
  });

  test('is all or nothing: a mistake in one step is told with its place', async () => {
    const shop = await workshop();
    const edits = [patched('rule', '10', 1, { comment: 'x' })];
    const wrong = [patched('rule', '10', 1, { priority: 'high' })];
    await expect(inSteps(shop, [{ edits }, { edits: wrong }])).rejects.toMatchObject({
      code: 'invalid-object',
      mistakes: [{ at: expect.stringContaining('steps[1].edits[0]') }],
    });
    await expect(inSteps(shop, [{ edits, hold: 'PT1H' }, { edits }])).rejects.toThrow('holds after nothing');
    expect((await shop.store.read((view) => view.changes({ states: ['pending'], limit: 10 }))).length).toBe(0);
    expect(await shop.get('rule', '10')).toMatchObject({ version: 1 });
  });

  test('tells of each step what it does, when it can be at the earliest, and where things stay if it is stopped', async () => {
    const shop = await workshop();
    const { chain } = await proposed(shop);
    const before = await explained(shop, chain.id);
    expect(before.steps.map(({ what }) => what)).toEqual([
      'Firefox release: rule 10 share 100 % -> 1 %',
      'Firefox release: rule 10 share 1 % -> 5 %',
      'Firefox release: rule 10 share 5 % -> 0 %',
    ]);
    expect(before.steps.map(({ earliestAtMs = 0 }) => (earliestAtMs - startMs) / hourMs)).toEqual([1, 2, 3]);
    expect([before.state, before.current, before.expectedAtMs]).toEqual(['pending', 1, startMs + hourMs]);
    setHours(shop, 1);
    await enact(shop, chain.id);
    const after = await explained(shop, chain.id);
    expect([after.current, after.waitsFor.length, after.expectedAtMs]).toEqual([2, 1, startMs + 2 * hourMs]);
    expect(after.ifStopped).toEqual([{ kind: 'rule', name: '10', percent: 1, says: 'rule 10 stays at 1 %' }]);
    expect(after.steps[0]?.what).toBe('Firefox release: rule 10 share 100 % -> 1 %');
  });

  test('is put in conflict by what somebody else does to the same, as changes by themselves are', async () => {
    const shop = await workshop();
    const { chain } = await proposed(shop);
    await shop.propose(ed, [patched('rule', '10', 1, { share: { kind: 'percent', percent: 50 } })]);
    expect((await chainOf(shop, chain.id)).steps.map(({ conflicts }) => conflicts.length)).toEqual([1, 1, 1]);
    setHours(shop, 1);
    expect(await codeOf(enact(shop, chain.id))).toBe('change-in-conflict');
    const { warnings } = await proposed(shop);
    expect(warnings.map(({ at }) => at)).toEqual(chain.steps.map(() => 'steps[0].edits[0]'));
  });
});

describe('sign-offs of a chain', () => {
  test('are given to all steps at once, and the last one begins it', async () => {
    const shop = await workshop({ isProtected: true });
    const { chain } = await proposed(shop, { rule: '10', steps: [{ percent: 1 }, { percent: 5 }, { percent: 25 }] });
    await sign(shop, 'ada', chain.id);
    const signers = async () => (await chainOf(shop, chain.id)).steps.map(({ signOffs }) => signOffs.length);
    expect(await signers()).toEqual([1, 1, 1]);
    await upon(shop, 'ada', chain.id, withdrawChainSignOff);
    expect(await signers()).toEqual([0, 0, 0]);
    expect(await codeOf(upon(shop, 'ada', chain.id, withdrawChainSignOff))).toBe('sign-off-refused');
    await sign(shop, 'ada', chain.id);
    const { chain: begun } = await sign(shop, 'mary', chain.id);
    expect(begun.steps.map(({ state }) => state)).toEqual(['enacted', 'pending', 'pending']);
    for (const { id } of begun.steps) await enact(shop, id);
    expect(await shareOf(shop)).toBe(25);
  });

  test('are refused as those of a change are', async () => {
    const shop = await workshop({ isProtected: true });
    const { chain } = await proposed(shop);
    expect(await codeOf(sign(shop, 'ed', chain.id))).toBe('sign-off-refused');
    expect(await codeOf(sign(shop, 'grace', chain.id))).toBe('sign-off-refused');
    expect(await codeOf(sign(shop, 'ada', chain.id, 'relman'))).toBe('sign-off-refused');
    expect(await codeOf(sign(shop, 'grace', chain.id, 'relman'))).toBe('none');
    const seen = async () => shop.store.read((view) => findChain(view, chain.id, chain.version));
    expect(await codeOf(seen())).toBe('version-conflict');
  });

  test('of a step that is edited are void, and those of the others are not', async () => {
    const shop = await workshop({ isProtected: true });
    const { chain } = await proposed(shop);
    const [, two] = chain.steps;
    for (const who of ['ada', 'mary']) await sign(shop, who, chain.id);
    const edits = [patched('rule', '10', 1, { share: { kind: 'percent', percent: 3 } })];
    const edit = (voidSignOffs: boolean) =>
      shop.act(ed, two?.id ?? 0, (desk, change) => editChange(desk, change, { edits, voidSignOffs }));
    expect(await codeOf(edit(false))).toBe('sign-offs-at-stake');
    await edit(true);
    expect((await chainOf(shop, chain.id)).steps.map(({ signOffs }) => signOffs.length)).toEqual([2, 0, 2]);
    setHours(shop, 1);
    await enact(shop, chain.id);
    setHours(shop, 4);
    expect(await codeOf(enact(shop, chain.id + 1))).toBe('sign-offs-missing');
    expect(await codeOf(enact(shop, chain.id + 2))).toBe('change-not-due');
    for (const who of ['ada', 'mary']) await sign(shop, who, chain.id);
    await enact(shop, chain.id + 1);
    expect(await shareOf(shop)).toBe(3);
  });
});

describe('a step that comes to nothing', () => {
  test('takes those after it along at once, and leaves what was enacted', async () => {
    const shop = await workshop();
    const { chain } = await proposed(shop);
    setHours(shop, 1);
    await enact(shop, chain.id);
    await shop.act(ed, chain.id + 1, (desk, change) => vetoChange(desk, change, 'it crashes'));
    const { state, ifStopped } = await explained(shop, chain.id);
    expect([state, ifStopped[0]?.says, await shareOf(shop)]).toEqual(['vetoed', 'rule 10 stays at 1 %', 1]);
    expect((await shop.change(chain.id + 2)).end).toMatchObject({
      by: 'user:ed@example.org',
      reason: `step 2 of chain ${chain.id} was vetoed: it crashes`,
    });
    expect(await codeOf(upon(shop, 'ed', chain.id, (desk, one) => vetoChain(desk, one, 'no')))).toBe('change-not-open');
  });

  test('may be the first of those that are still to come, when all of them are vetoed', async () => {
    const shop = await workshop({ isProtected: true });
    const { chain } = await proposed(shop);
    const veto = (who: string) => upon(shop, who, chain.id, (desk, one) => vetoChain(desk, one, 'no'));
    expect(await codeOf(veto('eve'))).toBe('not-allowed');
    await veto('mary');
    expect(await statesOf(shop, chain.id)).toEqual(['vetoed', 'vetoed', 'vetoed']);
    expect(await shareOf(shop)).toBe(100);
  });

  test('has the others fail with it, and put up again from the first on', async () => {
    const shop = await workshop();
    const { chain } = await proposed(shop);
    const [one, two, three] = chain.steps.map(({ id }) => id) as [number, number, number];
    await shop.propose(operator, [{ kind: 'grant', name: 'editors', expectedVersion: 1, op: 'delete' }]);
    setHours(shop, 1);
    const { change } = await shop.act(operator, one, enactChange);
    expect(change.state).toBe('failed');
    expect(await statesOf(shop, chain.id)).toEqual(['failed', 'failed', 'failed']);
    expect((await shop.change(three)).end?.reason).toContain(`step 1 of chain ${chain.id} failed: `);
    const again = (id: number) =>
      shop.act(operator, id, (desk, step) => editChange(desk, step, { edits: step.edits, voidSignOffs: true }));
    expect(await codeOf(again(two))).toBe('change-not-open');
    for (const id of [one, two, three]) await again(id);
    setHours(shop, 2);
    await shop.act(operator, one, enactChange);
    expect(await statesOf(shop, chain.id)).toEqual(['enacted', 'pending', 'pending']);
  });
});

test('people are told of the step that comes next, and of one that fails once', async () => {
  const shop = await workshop();
  await shop.propose(operator, [
    made('notifier', 'mail', { transport: 'email', product: 'Firefox', to: ['a@example.org'] }),
  ]);
  const { chain } = await proposed(shop);
  const told = async () => {
    const all = await shop.store.read((view) => view.notices({ limit: 100 }));
    const events = all
      .filter(({ state }) => state !== 'void')
      .map(({ event, change = 0 }) => `${change - chain.id + 1} ${event}`);
    return [...new Set(events)].sort();
  };
  expect(await told()).toEqual(['1 scheduled']);
  setHours(shop, 1);
  await enact(shop, chain.id);
  expect(await told()).toEqual(['1 enacted', '2 armed']);
  await shop.propose(operator, [{ kind: 'grant', name: 'editors', expectedVersion: 1, op: 'delete' }]);
  setHours(shop, 2);
  await shop.act(operator, chain.id + 1, enactChange);
  expect(await statesOf(shop, chain.id)).toEqual(['enacted', 'failed', 'failed']);
  expect(await told()).toEqual(['1 enacted', '2 failed']);
});

test('a step stays behind the one before, whatever it is edited to', async () => {
  const shop = await workshop();
  const { chain } = await proposed(shop);
  const edit = (condition: Condition) =>
    shop.act(ed, chain.id + 1, (desk, change) => editChange(desk, change, { condition, voidSignOffs: true }));
  const behind: Condition = { change: { id: chain.id, state: 'enacted' } };
  expect(await codeOf(edit({ now: true }))).toBe('invalid-object');
  expect(await codeOf(edit({ any: [behind, atOne] }))).toBe('invalid-object');
  expect(await codeOf(edit({ change: { id: chain.id, state: 'vetoed' } }))).toBe('invalid-object');
  expect(await codeOf(edit({ all: [atOne, behind] }))).toBe('none');
  setHours(shop, 2);
  expect(await codeOf(enact(shop, chain.id + 1))).toBe('change-not-due');
});

test('who may see or do something of one step only may not propose or sign the whole', async () => {
  const shop = await workshop({ isProtected: true });
  await shop.propose(operator, [made('rule', '20', { priority: 1, product: 'Fennec', release: 'Firefox-desupport' })]);
  const steps = (comment: string) => [
    { edits: [patched('rule', '10', 1, { comment })], condition: atOne },
    { edits: [patched('rule', '20', 1, { comment })] },
  ];
  expect(await codeOf(inSteps(shop, steps('x')))).toBe('not-allowed');
  const { chain } = await shop.as(operator, (desk) =>
    proposeChain(desk, { reason: 'both', priority: 0, steps: steps('y') }),
  );
  // The second one asks for nobody's sign-off.
  await sign(shop, 'ada', chain.id);
  expect((await chainOf(shop, chain.id)).steps.map(({ signOffs }) => signOffs.length)).toEqual([1, 0]);
  await shop.act(user('mary'), chain.id, (desk, change) => signOffChange(desk, change, undefined));
  setHours(shop, 1);
  expect((await enact(shop, chain.id)).change.state).toBe('enacted');
});
