import { describe, expect, test } from 'vitest';
import { made, operator, patched, startMs, user } from '../changes/changing.fixture.ts';
import { editChange } from '../changes/edit-change.ts';
import { signOffChange } from '../changes/sign-off-change.ts';
import { vetoChange } from '../changes/veto-change.ts';
import { withdrawSignOff } from '../changes/withdraw-sign-off.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { at, hook, hour, minute, noticingOver, outline, whenLoaded } from './noticing.fixture.ts';

const openStore = temporaryStores();
const world = async (notifiers?: Parameters<typeof noticingOver>[1]) => noticingOver(await openStore(), notifiers);

describe('a change that waits for a time', () => {
  test('is announced by each lead time', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 48 * hour));
    const due = 48 * 60;
    expect(outline(await shop.notices(id))).toEqual([
      `hook scheduled waiting ${due - 24 * 60}`,
      `hook scheduled waiting ${due - 60}`,
      `hook scheduled waiting ${due - 15}`,
    ]);
  });

  test('is announced at once for all the lead times that have passed, and then by the others', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 40 * minute));
    const [first] = await shop.notices(id);
    expect(outline(await shop.notices(id))).toEqual(['hook scheduled waiting 0', 'hook scheduled waiting 25']);
    expect(first).toMatchObject({ detail: { dueAtMs: startMs + 40 * minute } });
  });

  test('is announced early enough for the veto window, whatever the lead times are', async () => {
    const shop = await world({ hook: { ...hook, leads: ['PT5M', 'PT30M'], vetoWindow: 'PT30M' } });
    const { id } = await shop.schedule(at(startMs + 2 * hour));
    expect(outline(await shop.notices(id))).toEqual(['hook scheduled waiting 89', 'hook scheduled waiting 115']);
  });

  test('is not announced again by whatever leaves it as it is', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 40 * minute));
    shop.setClock(startMs + 30 * minute);
    const before = await shop.notices(id);
    await shop.act(user('ed'), id, (desk, change) => editChange(desk, change, { priority: 5, voidSignOffs: false }));
    expect(await shop.notices(id)).toEqual(before);
  });

  test('has its notices voided by an edit, and those that were delivered announce nothing any more', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 40 * minute));
    await shop.deliver(({ sendAtMs }) => sendAtMs === startMs, startMs);
    await shop.act(user('ed'), id, (desk, change) =>
      editChange(desk, change, { edits: [patched('rule', '10', 2, { share: 60 })], voidSignOffs: false }),
    );
    expect(outline(await shop.notices(id))).toEqual([
      'hook scheduled delivered 0',
      'hook scheduled waiting 0',
      'hook scheduled void 25',
      'hook scheduled waiting 25',
    ]);
    const delivered = (await shop.notices(id)).find(({ state }) => state === 'delivered');
    expect(delivered).toMatchObject({ overtakenAtMs: startMs });
  });

  test('has nothing announced by a veto but the veto, and that to whom it was announced', async () => {
    const shop = await world({ hook, other: { ...hook, leads: ['PT2H'] } });
    const { id } = await shop.schedule(at(startMs + 3 * hour));
    await shop.deliver(({ notifier, sendAtMs }) => notifier === 'hook' && sendAtMs === startMs, startMs);
    await shop.act(user('ed'), id, (desk, change) => vetoChange(desk, change, 'no'));
    const left = (await shop.notices(id)).filter(({ state }) => state === 'waiting');
    expect(outline(left)).toEqual(['hook vetoed waiting 0']);
  });

  test('is announced to nobody else, and by nobody who is off', async () => {
    const shop = await world({
      quiet: { product: 'Firefox', transport: 'none' },
      other: { ...hook, product: 'Thunderbird' },
      nightly: { ...hook, channel: 'nightly' },
      fire: { ...hook, product: 'Fire*', leads: ['PT1H'] },
    });
    const { id } = await shop.schedule(at(startMs + 3 * hour));
    expect(outline(await shop.notices(id))).toEqual(['fire scheduled waiting 120']);
  });

  test('leaves no notice when it is not made', async () => {
    const shop = await world();
    const failing = shop.as(user('ed'), async (desk) => {
      const { proposeChange } = await import('../changes/propose-change.ts');
      await proposeChange(desk, {
        reason: 'x',
        edits: [patched('rule', '10', 2, { share: 50 })],
        condition: at(startMs + hour),
        priority: 0,
        draft: false,
      });
      expect((await desk.tx.notices({ limit: 10, states: ['waiting'] })).map(({ event }) => event)).toContain(
        'scheduled',
      );
      throw new Error('after all');
    });
    await expect(failing).rejects.toThrow('after all');
    expect((await shop.notices()).filter(({ event }) => event === 'scheduled')).toEqual([]);
  });
});

describe('a change that waits for a signal', () => {
  test('is told of once it is signed off, and once only', async () => {
    const shop = await world();
    await shop.propose(operator, [made('policy', 'p', { product: 'Firefox', role: 'releng', signOffs: 1 })]);
    const { id } = await shop.schedule(whenLoaded);
    const sign = () => shop.act(user('ada'), id, (desk, change) => signOffChange(desk, change, undefined));
    expect(await shop.notices(id)).toEqual([]);
    await sign();
    expect(outline(await shop.notices(id))).toEqual(['hook armed waiting 0']);
    await shop.deliver(() => true, startMs);
    await shop.act(user('ada'), id, withdrawSignOff);
    await sign();
    expect(outline(await shop.notices(id))).toEqual(['hook armed delivered 0']);
  });
});

describe('what was done', () => {
  test('is told of, also when a person does it at once', async () => {
    const shop = await world();
    const { change } = await shop.propose(user('ed'), [patched('rule', '10', 2, { share: 50 })]);
    expect(outline(await shop.notices(change.id))).toEqual(['hook enacted waiting 0']);
    const [notice] = await shop.notices(change.id);
    expect(notice?.nextAtMs).toBe(startMs + 30_000);
  });

  test('is not told of where only accounts were altered', async () => {
    const shop = await world();
    const { change } = await shop.propose(operator, [made('user', 'new@example.org', { roles: [] })]);
    expect(await shop.notices(change.id)).toEqual([]);
  });

  test('is told of when it failed', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + hour));
    await shop.propose(operator, [patched('user', 'ed@example.org', 1, { roles: [] })]);
    shop.setClock(startMs + 2 * hour);
    await shop.enact(operator, id);
    const waiting = (await shop.notices(id)).filter(({ state }) => state === 'waiting');
    expect(outline(waiting)).toEqual(['hook failed waiting 120']);
  });
});
