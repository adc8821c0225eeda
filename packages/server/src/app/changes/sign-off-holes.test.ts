import { describe, expect, test } from 'vitest';
import { temporaryStores } from '../temporary-store.fixture.ts';
import {
  codeOf,
  furnish,
  made,
  operator,
  patched,
  protect,
  user,
  type Workshop,
  workshopOver,
} from './changing.fixture.ts';
import { editChange, type Rewriting } from './edit-change.ts';
import { enactChange } from './enact-change.ts';
import { revertChange } from './revert-change.ts';
import { signOffChange } from './sign-off-change.ts';
import { stopUpdates } from './stop-updates.ts';
import { vetoChange } from './veto-change.ts';

const openStore = temporaryStores();
const later = { condition: { time: { after: '2026-12-01T10:00:00Z' } } };
const december = Date.UTC(2026, 11, 2);

async function workshop(): Promise<Workshop> {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  await protect(shop);
  return shop;
}

const share = (percent: number) => ({ share: { kind: 'percent', percent } });

function signAs(shop: Workshop, who: string, id: number, role?: string) {
  return shop.act(user(who), id, (desk, change) => signOffChange(desk, change, role));
}

async function signed(shop: Workshop, id: number): Promise<void> {
  await signAs(shop, 'ada', id);
  await signAs(shop, 'mary', id);
}

function rewrite(shop: Workshop, who: string, id: number, rewriting: Partial<Rewriting>) {
  return shop.act(user(who), id, (desk, change) => editChange(desk, change, { voidSignOffs: false, ...rewriting }));
}

function release(name: string, more: object = {}): object {
  const blob = { schema_version: 50, name, detailsUrl: 'https://example.org/', displayVersion: '1' };
  return { product: 'Firefox', blob: { ...blob, ...more } };
}

function superblob(name: string, ...blobs: readonly string[]): object {
  return { product: 'Firefox', blob: { schema_version: 4000, name, blobs } };
}

describe('what was signed is what is enacted', () => {
  test('a change in conflict that is made anew against what there is now has to be signed again', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], later);
    await signed(shop, change.id);
    const other = await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))]);
    await signed(shop, other.change.id);
    const edits = [patched('rule', '10', 2, share(25))];
    expect(await codeOf(rewrite(shop, 'ed', change.id, { edits }))).toBe('sign-offs-at-stake');
    expect((await rewrite(shop, 'ed', change.id, { edits, voidSignOffs: true })).change.signOffs).toEqual([]);
  });

  test('a change that failed has to be signed again, as nothing held meanwhile what it rests on', async () => {
    const shop = await workshop();
    await shop.propose(user('ed'), [made('release', 'New', release('New')), made('release', 'Old', release('Old'))]);
    const old = { kind: 'release', name: 'Old', expectedVersion: 1, op: 'delete' } as const;
    const edits = [patched('rule', '10', 1, { release: 'New' }), old];
    const { change } = await shop.propose(user('ed'), edits, later);
    await signed(shop, change.id);
    await shop.propose(user('ed'), [made('release', 'Both', superblob('Both', 'Old'))]);
    shop.setClock(december);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('failed');
    const evil = await shop.propose(user('ed'), [patched('release', 'New', 1, { blob: { displayVersion: '666' } })]);
    expect(evil.change.state).toBe('enacted');
    await shop.propose(user('ed'), [{ kind: 'release', name: 'Both', expectedVersion: 1, op: 'delete' }]);
    expect(await codeOf(rewrite(shop, 'ed', change.id, { reason: 'again' }))).toBe('sign-offs-at-stake');
    const again = await rewrite(shop, 'ed', change.id, { reason: 'again', voidSignOffs: true });
    expect(again.change).toMatchObject({ state: 'pending', signOffs: [] });
  });

  test('nobody signs what they wrote because somebody else has said its reason better', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ada'), [patched('rule', '10', 1, share(25))]);
    const said = await rewrite(shop, 'ed', change.id, { reason: 'better said', priority: 3 });
    expect(said.change).toMatchObject({ proposer: 'user:ada@example.org', reason: 'better said', priority: 3 });
    expect(await codeOf(signAs(shop, 'ada', change.id))).toBe('sign-off-refused');
  });

  test('nobody signs what they wrote because they signed it before they rewrote it', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await signAs(shop, 'ada', change.id);
    await rewrite(shop, 'ada', change.id, { edits: [patched('rule', '10', 1, share(99))] });
    await rewrite(shop, 'ed', change.id, { reason: 'better said' });
    expect((await signAs(shop, 'mary', change.id)).change.state).toBe('pending');
  });

  test('a revert that is made to do something else is no revert any more', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await signed(shop, change.id);
    const back = await shop.act(user('ed'), change.id, (desk, one) => revertChange(desk, one, 'too early'));
    expect(back.change.reverts).toBe(change.id);
    expect((await rewrite(shop, 'ed', back.change.id, { reason: 'much too early' })).change.reverts).toBe(change.id);
    const edits = [patched('rule', '10', 2, share(75))];
    expect((await rewrite(shop, 'ed', back.change.id, { edits })).change.reverts).toBeUndefined();
  });
});

describe('a release is protected by what would lead to it', () => {
  test('by way of a superblob that a pending change alters', async () => {
    const shop = await workshop();
    await shop.propose(user('ed'), [
      made('release', 'New', release('New')),
      made('release', 'Old', release('Old')),
      made('release', 'Both', superblob('Both', 'Old')),
    ]);
    const named = await shop.propose(user('ed'), [patched('rule', '10', 1, { release: 'Both' })]);
    await signed(shop, named.change.id);
    const edits = [patched('release', 'Both', 1, { blob: { blobs: ['Old', 'New'] } })];
    const { change } = await shop.propose(user('ed'), edits, later);
    expect(change.state).toBe('pending');
    const evil = await shop.propose(user('ed'), [patched('release', 'New', 1, { blob: { displayVersion: '666' } })]);
    expect(evil.change.state).toBe('pending');
    await expect(
      shop.propose(user('ed'), [{ kind: 'release', name: 'New', expectedVersion: 1, op: 'delete' }]),
    ).rejects.toThrow(`change ${change.id} needs it for release Both`);
  });

  test('by way of a superblob that a pending change makes, together with the rule that names it', async () => {
    const shop = await workshop();
    await shop.propose(user('ed'), [made('release', 'New', release('New'))]);
    const edits = [made('release', 'Both', superblob('Both', 'New')), patched('rule', '10', 1, { release: 'Both' })];
    const { change } = await shop.propose(user('ed'), edits, later);
    const evil = await shop.propose(user('ed'), [patched('release', 'New', 1, { blob: { displayVersion: '666' } })]);
    expect(evil.change.state).toBe('pending');
    // What is over leads nowhere.
    await shop.act(user('ed'), change.id, (desk, one) => vetoChange(desk, one, 'no'));
    const free = await shop.propose(user('ed'), [patched('release', 'New', 1, { blob: { displayVersion: '2' } })]);
    expect(free.change.state).toBe('enacted');
  });
});

describe('what policies ask for can be given', () => {
  const tooMany = { product: 'Firefox', role: 'relman', signOffs: 3 };

  test('also where doubts are accepted: nobody can shut everybody out for good', async () => {
    const shop = await workshop();
    const asked = shop.propose(operator, [made('policy', 'much', tooMany)], { acceptsDoubts: true });
    await expect(asked).rejects.toThrow('2 hold relman');
  });

  test('also where a change is taken back that gave somebody the role', async () => {
    const shop = workshopOver(await openStore());
    await furnish(shop);
    const given = await shop.propose(operator, [made('user', 'zoe@example.org', { roles: ['relman'] })]);
    await shop.propose(operator, [made('policy', 'three', tooMany)]);
    const back = shop.act(operator, given.change.id, (desk, one) => revertChange(desk, one, 'no'));
    await expect(back).rejects.toThrow('policy three asks for more sign-offs');
  });
});

describe('who may act on a change', () => {
  test('a program that holds a role vetoes nothing by it, as it could not sign', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    const ci = { kind: 'service-account', name: 'ci' } as const;
    expect(await codeOf(shop.act(ci, change.id, (desk, one) => vetoChange(desk, one, 'no')))).toBe('not-allowed');
  });

  test('asking too early for an enactment that could not be now leaves the change as it was', async () => {
    const shop = await workshop();
    await shop.propose(user('ed'), [made('release', 'Old', release('Old'))]);
    const gone = { kind: 'release', name: 'Old', expectedVersion: 1, op: 'delete' } as const;
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25)), gone], later);
    await shop.propose(user('ed'), [made('release', 'Both', superblob('Both', 'Old'))]);
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('sign-offs-missing');
    await shop.propose(user('ed'), [{ kind: 'release', name: 'Both', expectedVersion: 1, op: 'delete' }]);
    await signed(shop, change.id);
    await shop.propose(user('ed'), [made('release', 'Both', superblob('Both', 'Old'))]);
    expect(await codeOf(shop.act(user('ed'), change.id, enactChange))).toBe('change-not-due');
    shop.setClock(december);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('failed');
  });

  test('one in conflict whose time has passed fails when it is to be enacted', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))], {
      condition: { time: { before: '2026-12-01T10:00:00Z' } },
    });
    const other = await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))]);
    await signed(shop, other.change.id);
    shop.setClock(december);
    expect((await shop.act(user('ed'), change.id, enactChange)).change.state).toBe('failed');
  });

  test('who may not see an object learns neither its version nor where it lies by editing it', async () => {
    const shop = await workshop();
    const refusal = async (version: number) => {
      const error = await shop.propose(user('eve'), [patched('rule', '10', version, share(25))]).catch((one) => one);
      return String(error);
    };
    expect(await refusal(1)).not.toContain('Firefox');
    expect(await refusal(7)).toBe(await refusal(1));
  });

  test('who may make nothing of a kind is refused before it is worked out what they want to make', async () => {
    const shop = await workshop();
    const refused = shop.propose(user('eve'), [made('rule', '99', { priority: 'none' })]);
    expect(await codeOf(refused)).toBe('not-allowed');
    expect(await codeOf(shop.propose(user('ed'), [made('rule', '99', { priority: 'none' })]))).toBe('invalid-object');
  });

  test('a conflict names both changes and what they alter, and what is missing is said in a sentence', async () => {
    const shop = await workshop();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 1, share(25))]);
    await expect(shop.act(user('ed'), change.id, enactChange)).rejects.toThrow(
      `change ${change.id} has 0 of 1 sign-offs as releng, 0 of 1 sign-offs as relman`,
    );
    const other = await shop.propose(user('ed'), [patched('rule', '10', 1, share(50))]);
    await signed(shop, other.change.id);
    await expect(shop.act(user('ed'), change.id, enactChange)).rejects.toThrow(
      `change ${change.id} and change ${other.change.id} both alter /share of rule 10`,
    );
  });

  test('deleting what is not there is refused when it is proposed', async () => {
    const shop = await workshop();
    const gone = { kind: 'rule', name: '99', expectedVersion: 0, op: 'delete' } as const;
    expect(await codeOf(shop.propose(user('ed'), [gone], later))).toBe('object-not-found');
  });

  test('a change that was rebased is where its object is now', async () => {
    const shop = workshopOver(await openStore());
    await furnish(shop);
    const { change } = await shop.propose(operator, [patched('rule', '10', 1, share(25))], later);
    await shop.propose(operator, [patched('rule', '10', 1, { product: 'Thunderbird' })]);
    expect((await shop.change(change.id)).reaches).toEqual([
      { kind: 'rule', product: 'Thunderbird', channel: 'release' },
    ]);
  });
});

describe('an emergency stop', () => {
  const stop = (shop: Workshop, channel?: string) =>
    shop.as(operator, (desk) =>
      stopUpdates(desk, { product: 'Firefox', ...(channel !== undefined && { channel }) }, 'crashes'),
    );

  test('that would hold nothing is refused, not said to have stopped something', async () => {
    const shop = await workshop();
    await expect(stop(shop, '*')).rejects.toThrow('without a channel the stop holds them all');
    expect(await codeOf(stop(shop, 'r*'))).toBe('invalid-object');
    await expect(shop.as(user('eve'), (desk) => stopUpdates(desk, { product: 'A', channel: 'b' }, ''))).rejects.toThrow(
      'may not stop A/b',
    );
  });

  test('of everything is not taken for one of a channel that is called *', async () => {
    const shop = await workshop();
    const odd = made('emergency-stop', 'Firefox/"*"', { product: 'Firefox', channel: '*' });
    expect((await shop.propose(operator, [odd], { acceptsDoubts: true })).change.state).toBe('enacted');
    expect((await stop(shop)).acted?.change.state).toBe('enacted');
  });
});
