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
import { editChange } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { revertChange } from './revert-change.ts';
import { revertTo } from './revert-to.ts';
import { signOffChange } from './sign-off-change.ts';
import { stopUpdates } from './stop-updates.ts';
import { submitDraft } from './submit-draft.ts';
import { vetoChange } from './veto-change.ts';
import { withdrawSignOff } from './withdraw-sign-off.ts';

const openStore = temporaryStores();

async function workshop(protection: 'protected' | 'open' = 'protected'): Promise<Workshop> {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  if (protection === 'protected') await protect(shop);
  return shop;
}

const share = (percent: number) => ({ share: { kind: 'percent', percent } });
const sign =
  (role?: string) => (desk: Parameters<typeof signOffChange>[0], change: Parameters<typeof signOffChange>[1]) =>
    signOffChange(desk, change, role);

describe('a change without a policy', () => {
  test('is enacted in the same call, and its objects tell of it', async () => {
    const shop = await workshop('open');
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    expect(change).toMatchObject({ state: 'enacted', proposer: 'user:ed@example.org', end: { revision: 2 } });
    expect((await shop.get('rule', '10'))?.body).toMatchObject(share(25));
    const [newest] = await shop.store.history('rule', '10');
    expect(newest).toMatchObject({ version: 2, author: 'user:ed@example.org', reason: 'a test' });
  });

  test('is refused to whoever may not make it, and leaves nothing', async () => {
    const shop = await workshop('open');
    expect(await codeOf(shop.propose(user('eve'), [patched('rule', '10', 1, share(25))]))).toBe('not-allowed');
    expect(
      await codeOf(
        shop.propose(user('ed'), [
          made('throttle', 'Thunderbird/1.0', { product: 'Thunderbird', version: '1.0', percent: 0 }),
        ]),
      ),
    ).toBe('not-allowed');
    expect(await shop.store.revision()).toBe(1);
    expect(await shop.store.read((view) => view.changes({ limit: 10 }))).toHaveLength(1);
  });

  test('against another version is a conflict that names both', async () => {
    const shop = await workshop('open');
    await expect(shop.propose(user('ed'), [patched('rule', '10', 7, share(25))])).rejects.toThrow(
      /is at version 1; the edit was made against version 7/,
    );
  });
});

describe('a change that policies protect', () => {
  test('is enacted by the last sign-off, once, and the audit log holds who signed', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    expect(change.state).toBe('pending');
    const first = await shop.act(user('ada'), change.id, sign());
    expect(first.change.state).toBe('pending');
    const last = await shop.act(user('mary'), change.id, sign());
    expect(last.change.state).toBe('enacted');
    expect((await shop.act(user('ed'), change.id, enactChange)).change).toEqual(last.change);
    expect(await shop.store.revision()).toBe(3);
    const entries = await shop.store.read((view) => view.audit({ change: change.id, limit: 10 }));
    expect(entries.map(({ action }) => action)).toEqual([
      'change.enacted',
      'change.signed',
      'change.signed',
      'change.proposed',
    ]);
    expect(entries[0]?.detail).toMatchObject({ signOffs: [{ user: 'ada@example.org' }, { user: 'mary@example.org' }] });
  });

  test('takes no sign-off of a program, of its proposer, without the role, in two roles, or that nobody asks for', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ada'), [patched('rule', '10', 1, share(25))]);
    const refused = (who: Parameters<Workshop['act']>[0], role?: string) =>
      codeOf(shop.act(who, change.id, sign(role)));
    expect(await refused({ kind: 'service-account', name: 'ci' })).toBe('sign-off-refused');
    expect(await refused(operator)).toBe('sign-off-refused');
    expect(await refused(user('ada'))).toBe('sign-off-refused');
    expect(await refused(user('eve'))).toBe('sign-off-refused');
    expect(await refused(user('mary'), 'releng')).toBe('sign-off-refused');
    expect(await refused(user('mary'), 'editor')).toBe('sign-off-refused');
    expect(await refused(user('grace'))).toBe('sign-off-refused');
    await shop.act(user('grace'), change.id, sign('releng'));
    expect(await refused(user('grace'), 'relman')).toBe('sign-off-refused');
    await shop.act(user('grace'), change.id, withdrawSignOff);
    await shop.act(user('grace'), change.id, sign('relman'));
    expect((await shop.change(change.id)).state).toBe('pending');
  });

  test('counts a sign-off only as long as the person holds the role', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.act(user('ada'), change.id, sign());
    const taken = await shop.propose(operator, [patched('user', 'ada@example.org', 1, { roles: [] })]);
    await shop.act(user('grace'), taken.change.id, sign('releng'));
    await shop.act(user('mary'), taken.change.id, sign('relman'));
    expect((await shop.get('user', 'ada@example.org'))?.body).toMatchObject({ roles: [] });
    expect((await shop.act(user('mary'), change.id, sign())).change.state).toBe('pending');
    expect((await shop.act(user('grace'), change.id, sign('releng'))).change.state).toBe('enacted');
  });

  test('fails at its enactment when its proposer may not make it any more', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.act(user('ada'), change.id, sign());
    const demoted = await shop.propose(operator, [patched('user', 'ed@example.org', 1, { roles: [] })]);
    await shop.act(user('ada'), demoted.change.id, sign());
    await shop.act(user('mary'), demoted.change.id, sign());
    const { change: failed, problem } = await shop.act(user('mary'), change.id, sign());
    expect([failed.state, problem?.code]).toEqual(['failed', 'not-allowed']);
    expect((await shop.get('rule', '10'))?.version).toBe(1);
    expect((await shop.change(change.id)).end?.reason).toMatch(/may not/);
  });

  test('cannot be enacted unsigned, vetoed or before its time, and then it can', async () => {
    const shop = await workshop();
    const time = { time: { after: '2026-11-21T14:00', zone: 'Europe/Berlin' } };
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], { condition: time });
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('sign-offs-missing');
    await shop.act(user('ada'), change.id, sign());
    await shop.act(user('mary'), change.id, sign());
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-not-due');
    shop.setClock(startMs + 3_600_000);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
    const other = await shop.propose(user('ed'), [patched('rule', '10', 2, share(0))], { condition: time });
    expect(await codeOf(shop.act(user('eve'), other.change.id, (desk, one) => vetoChange(desk, one, 'no')))).toBe(
      'not-allowed',
    );
    await shop.act(user('mary'), other.change.id, (desk, one) => vetoChange(desk, one, 'no'));
    expect(await codeOf(shop.act(user('ed'), other.change.id, enactChange))).toBe('change-not-open');
  });

  test('waits for another, and is never true while that is not there', async () => {
    const shop = await workshop('open');
    const first = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], { draft: true });
    const condition = { all: [{ change: { id: first.change.id, state: 'enacted' } }] } as const;
    const second = await shop.propose(user('ed'), [patched('rule', '10', 1, { comment: 'after' })], { condition });
    expect(await codeOf(shop.act(user('ed'), second.change.id, enactChange))).toBe('change-not-due');
    await shop.act(user('ed'), first.change.id, submitDraft);
    expect((await shop.act(user('ed'), second.change.id, enactChange)).change.state).toBe('enacted');
    const nowhere = { change: { id: 99, state: 'enacted' } } as const;
    expect(await codeOf(shop.propose(user('ed'), [patched('rule', '10', 3, share(1))], { condition: nowhere }))).toBe(
      'invalid-object',
    );
  });
});

describe('several changes to one object', () => {
  test('an unrelated one rebases those that wait, and their sign-offs hold', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.act(user('ada'), change.id, sign());
    const other = await shop.propose(user('ed'), [patched('rule', '10', 1, { comment: 'new' })]);
    await shop.act(user('ada'), other.change.id, sign());
    await shop.act(user('mary'), other.change.id, sign());
    expect(await shop.change(change.id)).toMatchObject({ edits: [{ expectedVersion: 2 }], conflicts: [] });
    expect((await shop.act(user('mary'), change.id, sign())).change.state).toBe('enacted');
    expect((await shop.get('rule', '10'))?.body).toMatchObject({ ...share(25), comment: 'new' });
  });

  test('an overlapping one puts the other in conflict, which names both and can be edited or undone', async () => {
    const shop = await workshop('open');
    const waits = { condition: { time: { after: '2026-12-01T10:00:00Z' } } };
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], waits);
    const other = await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))]);
    expect((await shop.change(change.id)).conflicts).toEqual([
      { kind: 'rule', name: '10', expectedVersion: 1, currentVersion: 2, paths: ['/share'], change: other.change.id },
    ]);
    shop.setClock(Date.UTC(2026, 11, 2));
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-in-conflict');
    await shop.act(user('ed'), other.change.id, (desk, one) => revertChange(desk, one, 'undo'));
    expect(await shop.change(change.id)).toMatchObject({ conflicts: [], edits: [{ expectedVersion: 3 }] });
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('enacted');
  });

  test('one that waits for another was signed in the knowledge of it, and is not put in conflict by it', async () => {
    const shop = await workshop('open');
    const later = { condition: { time: { after: '2026-12-01T10:00:00Z' } } };
    const up = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], later);
    const careless = await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))], later);
    expect(careless.warnings).toEqual([
      { at: 'edits[0]', message: expect.stringContaining(`change ${up.change.id} alters`) },
    ]);
    const condition = { all: [{ change: { id: up.change.id, state: 'enacted' } }, later.condition] } as const;
    const down = await shop.propose(user('ed'), [patched('rule', '10', 1, share(0))], { condition });
    expect(down.warnings).toHaveLength(1);
    shop.setClock(Date.UTC(2026, 11, 2));
    await shop.act(user('ed'), up.change.id, enactChange);
    expect((await shop.change(careless.change.id)).conflicts).toHaveLength(1);
    expect((await shop.act(user('ed'), down.change.id, enactChange)).change.state).toBe('enacted');
    expect((await shop.get('rule', '10'))?.body).toMatchObject(share(0));
  });

  test('editing voids the sign-offs of others, and says so before it does', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.act(user('ada'), change.id, sign());
    const edits = [patched('rule', '10', 1, share(26))];
    const edit = (voidSignOffs: boolean, more: object) =>
      shop.act(user('ed'), change.id, (desk, one) => editChange(desk, one, { voidSignOffs, ...more }));
    await expect(edit(false, { edits })).rejects.toThrow('ada@example.org as releng');
    expect((await edit(false, { reason: 'better said' })).change.signOffs).toHaveLength(1);
    expect((await edit(true, { edits })).change.signOffs).toEqual([]);
  });

  test('a release that only a pending rule names is protected like that rule, and stays', async () => {
    const shop = await workshop();
    const body = {
      product: 'Firefox',
      blob: { schema_version: 50, name: 'New', detailsUrl: 'https://example.org/', displayVersion: '2' },
    };
    const free = await shop.propose(user('ed'), [made('release', 'New', body)]);
    expect(free.change.state).toBe('enacted');
    await shop.propose(user('ed'), [patched('rule', '10', 1, { release: 'New' })]);
    const edit = patched('release', 'New', 1, { blob: { displayVersion: '3' } });
    expect((await shop.propose(user('ed'), [edit])).change.state).toBe('pending');
    const gone = { kind: 'release', name: 'New', expectedVersion: 1, op: 'delete' } as const;
    await expect(shop.propose(user('ed'), [gone])).rejects.toThrow(/change \d+ needs it for rule 10/);
  });
});

describe('taking back', () => {
  test('a revert leaves alone what was altered elsewhere since, and refuses what was altered again', async () => {
    const shop = await workshop('open');
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.propose(user('ed'), [patched('rule', '10', 2, { comment: 'kept' })]);
    const back = await shop.act(user('ed'), change.id, (desk, one) => revertChange(desk, one, 'too early'));
    expect(back.change).toMatchObject({ state: 'enacted', reverts: change.id });
    expect((await shop.get('rule', '10'))?.body).toMatchObject({ ...share(100), comment: 'kept' });
    expect(await codeOf(shop.act(user('ed'), change.id, (desk, one) => revertChange(desk, one, 'again')))).toBe(
      'version-conflict',
    );
  });

  test('everything can be what it was at a revision', async () => {
    const shop = await workshop('open');
    await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await shop.propose(user('ed'), [
      made('rule', '11', { priority: 1, product: 'Firefox', release: 'Firefox-desupport' }),
    ]);
    const { change } = await shop.as(user('ed'), (desk) =>
      revertTo(desk, 1, { kinds: ['rule', 'release'], reason: 'back' }),
    );
    expect(change.state).toBe('enacted');
    expect(await shop.get('rule', '11')).toBeUndefined();
    expect((await shop.get('rule', '10'))?.body).toMatchObject(share(100));
  });

  test('a stop needs no sign-off, is done once, and to start again needs those of the product', async () => {
    const shop = await workshop();
    const stop = { product: 'Firefox', channel: 'release' };
    const stopped = await shop.as(user('ed'), (desk) => stopUpdates(desk, stop, 'crashes'));
    expect(stopped.acted?.change.state).toBe('enacted');
    expect(await shop.as(user('ed'), (desk) => stopUpdates(desk, stop, 'crashes'))).toMatchObject({ revision: 3 });
    expect(await codeOf(shop.as(user('eve'), (desk) => stopUpdates(desk, stop, '')))).toBe('not-allowed');
    const gone = { kind: 'emergency-stop', name: stopped.name, expectedVersion: 1, op: 'delete' } as const;
    const started = await shop.propose(user('ed'), [gone]);
    expect(started.change.state).toBe('pending');
    await shop.act(user('ada'), started.change.id, sign());
    await shop.act(user('mary'), started.change.id, sign());
    expect(await shop.get('emergency-stop', stopped.name)).toBeUndefined();
  });
});
