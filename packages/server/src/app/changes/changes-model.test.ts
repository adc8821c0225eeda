import fc from 'fast-check';
import type { Condition } from 'sluice';
import { expect, test } from 'vitest';
import type { Change, ChangeEdit } from '../../change.ts';
import { Problem } from '../../problem.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import type { Acted } from './acted.ts';
import {
  type ChangeModel,
  type Fields,
  openModel,
  type Patches,
  people,
  principalOf,
  type When,
} from './change-model.fixture.ts';
import { made, operator, patched, startMs, type Workshop, workshopOver } from './changing.fixture.ts';
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { revertChange } from './revert-change.ts';
import { signOffChange } from './sign-off-change.ts';
import { vetoChange } from './veto-change.ts';
import { withdrawSignOff } from './withdraw-sign-off.ts';

const openStore = temporaryStores();
const runs = process.env['SLUICE_SOAK'] === '1' ? 2000 : 200;
const hourMs = 3_600_000;

const start: Fields = { comment: 'a', priority: 1, updateType: 'minor', share: { kind: 'percent', percent: 100 } };

const fields = fc
  .record(
    {
      comment: fc.constantFrom('a', 'b'),
      priority: fc.constantFrom(1, 2),
      share: fc.constantFrom(0, 50, 100).map((percent) => ({ kind: 'percent', percent })),
    },
    { requiredKeys: [] },
  )
  .filter((patch) => Object.keys(patch).length > 0);
const patches: fc.Arbitrary<Patches> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ f: fields }) },
  { weight: 1, arbitrary: fc.record({ g: fields }) },
  { weight: 1, arbitrary: fc.record({ f: fields, g: fields }) },
);
/** Who may do nothing asks seldom. */
const who = fc.constantFrom('ada', 'mary', 'ed', 'ed', 'ada', 'mary', 'grace', 'eve');
const signers = [
  ['ada', 'releng'],
  ['grace', 'releng'],
  ['grace', 'relman'],
  ['mary', 'relman'],
  ['ed', 'releng'],
];
const signer = fc.constantFrom(...signers);
/** Which of the newest changes. */
const nth = fc.nat(3);
const when = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'now' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('at' as const), hours: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('after' as const), nth }) },
);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('propose' as const), who, patches, when }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sign' as const), signer, nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign all' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), who, nth, patches, voids: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('make anew' as const), who, nth, voids: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('veto' as const), who, nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enact' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revert' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

test('whatever people do, changes do what a simple model of them does', { timeout: 600_000 }, async () => {
  const shop = workshopOver(await openStore());
  await furnishFor(shop, runs);
  let run = 0;
  const property = fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14, size: 'max' }), async (acts) => {
    await runOf(shop, run++ % runs, acts);
  });
  // Each run has rules of its own, so what fails is told as it was found.
  await fc.assert(property, { numRuns: runs, seed: 20261121, endOnFailure: true });
  expect(run).toBe(runs);
  expect(await verifyAudit(shop.store)).toMatchObject({ ok: true });
});

async function runOf(shop: Workshop, run: number, acts: readonly Act[]): Promise<void> {
  const nowMs = startMs + run * 100 * hourMs;
  shop.setClock(nowMs);
  const model = openModel(start, nowMs);
  const table = { shop, model, names: { f: String(2 * run), g: String(2 * run + 1) } };
  for (const one of acts) {
    await doAct(table, one);
    await compare(table);
  }
  await isLinear(table);
}

interface Table {
  readonly shop: Workshop;
  readonly model: ChangeModel;
  readonly names: Readonly<Record<string, string>>;
}

async function doAct(table: Table, one: Act): Promise<void> {
  const { shop, model } = table;
  if (one.do === 'wait') {
    model.nowMs += hourMs;
    return shop.setClock(model.nowMs);
  }
  const ids = [...model.changes.keys()];
  if (one.do === 'propose') {
    const due = whenOf(one.when, ids, model.nowMs);
    const condition = conditionOf(due);
    const acted = await attempt(shop.propose(principalOf(one.who), editsOf(table, one.patches), { condition }));
    expect(acted !== undefined).toBe(model.mayPropose(one.who, due));
    if (acted !== undefined) model.propose(acted.change.id, one.who, one.patches, due);
    return;
  }
  const id = ids.at(-1 - (one.nth % Math.max(1, ids.length)));
  const change = id === undefined ? undefined : model.changes.get(id);
  if (id === undefined || change === undefined) return;
  const by = (name: string, verb: Parameters<Workshop['act']>[2]) => attempt(shop.act(principalOf(name), id, verb));
  switch (one.do) {
    case 'sign':
    case 'sign all':
      for (const [name = '', role = ''] of one.do === 'sign' ? [one.signer] : signers) {
        const may = model.maySign(name, id, role);
        expect((await by(name, (desk, it) => signOffChange(desk, it, role))) !== undefined).toBe(may);
        if (may) model.sign(name, id, role);
      }
      return;
    case 'withdraw': {
      const may = change.state === 'pending' && change.signOffs.has(one.who);
      expect((await by(one.who, withdrawSignOff)) !== undefined).toBe(may);
      if (may) change.signOffs.delete(one.who);
      return;
    }
    case 'edit':
    case 'make anew': {
      const wanted = one.do === 'edit' ? one.patches : change.patches;
      const may = model.mayEdit(one.who, id, wanted, change.when, one.voids);
      const edits = one.do === 'edit' ? editsOf(table, wanted) : await editsAnew(table, id);
      const edited = by(one.who, (desk, it) =>
        editChange(desk, it, { edits, reason: 'anew', voidSignOffs: one.voids }),
      );
      expect((await edited) !== undefined).toBe(may);
      if (may) model.edit(one.who, id, wanted, change.when);
      return;
    }
    case 'veto': {
      const may = model.mayVeto(one.who, id);
      expect((await by(one.who, (desk, it) => vetoChange(desk, it, 'no'))) !== undefined).toBe(may);
      if (may) change.state = 'vetoed';
      return;
    }
    case 'enact': {
      const may = model.mayEnact(id);
      expect((await by(one.who, enactChange)) !== undefined).toBe(may);
      if (may) model.enact(id);
      return;
    }
    case 'revert': {
      const acted = await by(one.who, (desk, it) => revertChange(desk, it, 'back'));
      if (acted === undefined) return;
      expect([change.state, model.mayPropose(one.who, { kind: 'now' })]).toEqual(['enacted', true]);
      model.propose(acted.change.id, one.who, patchesOf(table, acted.change), { kind: 'now' });
    }
  }
}

/** Everything that the store says of the changes and the rules is what the model says. */
async function compare({ shop, model, names }: Table): Promise<void> {
  for (const [id, expected] of model.changes) {
    const { state, proposer, signOffs, conflicts } = await shop.change(id);
    expect({
      id,
      state,
      proposer,
      signOffs: signOffs.map(({ user, role }) => `${user} ${role}`).sort(),
      conflicts: conflicts.map(({ name }) => name).sort(),
    }).toEqual({
      id,
      state: expected.state,
      proposer: `user:${expected.proposer}@example.org`,
      signOffs: [...expected.signOffs].map(([one, role]) => `${one}@example.org ${role}`).sort(),
      conflicts: expected.state === 'enacted' ? [] : [...expected.conflicts].map((rule) => names[rule]).sort(),
    });
  }
  for (const [rule, body] of model.bodies) {
    expect(await shop.get('rule', names[rule] ?? '')).toMatchObject({ version: model.versions.get(rule), body });
  }
}

/** Every version but the first was made by one enacted change, and that knows it. */
async function isLinear({ shop, model, names }: Table): Promise<void> {
  const claimed: string[] = [];
  for (const id of model.changes.keys()) {
    const { edits, state } = await shop.change(id);
    for (const { name, madeVersion } of edits)
      if (madeVersion !== undefined) claimed.push(`${state} ${name} ${madeVersion}`);
  }
  const kept: string[] = [];
  for (const name of Object.values(names)) {
    const versions = (await shop.store.history('rule', name)).map(({ version }) => version).reverse();
    expect(versions).toEqual(versions.map((_, i) => i + 1));
    kept.push(...versions.slice(1).map((version) => `enacted ${name} ${version}`));
  }
  expect(claimed.sort()).toEqual(kept.sort());
}

function whenOf(
  one: typeof when extends fc.Arbitrary<infer One> ? One : never,
  ids: readonly number[],
  nowMs: number,
): When {
  if (one.kind === 'at') return { kind: 'at', what: nowMs + one.hours * hourMs };
  const id = one.kind === 'after' ? ids.at(-1 - (one.nth % Math.max(1, ids.length))) : undefined;
  return id === undefined ? { kind: 'now' } : { kind: 'after', what: id };
}

function conditionOf({ kind, ...due }: When): Condition {
  if (kind === 'now' || !('what' in due)) return { now: true };
  if (kind === 'at') return { time: { after: new Date(due.what).toISOString() } };
  return { change: { id: due.what, state: 'enacted' } };
}

function editsOf({ model, names }: Table, wanted: Patches): readonly ChangeEdit[] {
  return Object.entries(wanted).map(([rule, patch]) =>
    patched('rule', names[rule] ?? '', model.versions.get(rule) ?? 0, patch),
  );
}

/** A change's own edits, word for word, against what there is now. */
async function editsAnew({ shop, model, names }: Table, id: number): Promise<readonly ChangeEdit[]> {
  const rules = new Map(Object.entries(names).map(([rule, name]) => [name, rule]));
  const { edits } = await shop.change(id);
  return edits.map((edit) => ({ ...edit, expectedVersion: model.versions.get(rules.get(edit.name) ?? '') ?? 0 }));
}

function patchesOf({ names }: Table, { edits }: Change): Patches {
  const rules = new Map(Object.entries(names).map(([rule, name]) => [name, rule]));
  return Object.fromEntries(
    edits.map((edit) => {
      const patch = edit.op === 'patch' ? edit.patch : {};
      // A share that is taken back says no more than what differs.
      const share = { ...(start['share'] as object), ...(patch['share'] as object | undefined) };
      return [rules.get(edit.name) ?? '', 'share' in patch ? { ...patch, share } : patch];
    }),
  );
}

/** What an act came to; `undefined` where it was refused. */
async function attempt(acting: Promise<Acted>): Promise<Acted | undefined> {
  return acting.catch((error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
}

async function furnishFor(shop: Workshop, count: number): Promise<void> {
  const rules = Array.from({ length: 2 * count }, (_, i) =>
    made('rule', String(i), { ...start, product: i % 2 === 0 ? 'Firm' : 'Free', channel: `c${i}` }),
  );
  const actions = ['read', 'create', 'update', 'delete'];
  await shop.propose(operator, [
    ...rules,
    ...Object.entries(people).map(([name, roles]) => made('user', `${name}@example.org`, { roles })),
    ...['releng', 'relman', 'editor'].map((role) => made('grant', role, { role, actions, products: ['Firm', 'Free'] })),
    ...['releng', 'relman'].map((role) => made('policy', role, { product: 'Firm', role, signOffs: 1 })),
  ]);
}
