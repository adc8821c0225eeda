import type { Condition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../problem.ts';
import { codeOf, made, operator, patched, startMs, user } from '../changes/changing.fixture.ts';
import { editChange } from '../changes/edit-change.ts';
import { findChange } from '../changes/find-change.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { noticeStateOf } from './notice-state-of.ts';
import { agent, at, hook, hour, minute, noticingOver, outline, whenLoaded } from './noticing.fixture.ts';

const openStore = temporaryStores();
const world = async (notifiers?: Parameters<typeof noticingOver>[1]) => noticingOver(await openStore(), notifiers);

async function refusal(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
}

describe('a program', () => {
  test('has nothing enacted that was announced too late, and is told when it can', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + 5 * minute));
    shop.setClock(startMs + 6 * minute);
    expect(await refusal(shop.enact(agent, id))).toMatchObject({ code: 'notice-missing' });
    await shop.deliver(({ sendAtMs }) => sendAtMs === startMs, startMs + minute);
    const early = await refusal(shop.enact(agent, id));
    expect(early).toMatchObject({ code: 'notice-missing', retryAtMs: startMs + 16 * minute });
    shop.setClock(startMs + 16 * minute);
    expect((await shop.enact(agent, id)).change.state).toBe('enacted');
  });

  test('waits for the longest veto window, from the first delivery on', async () => {
    const shop = await world({ hook, slow: { ...hook, vetoWindow: 'PT2H' } });
    const { id } = await shop.schedule(at(startMs + hour));
    await shop.deliver(({ notifier, sendAtMs }) => notifier === 'hook' && sendAtMs === startMs, startMs);
    shop.setClock(startMs + hour);
    expect(await refusal(shop.enact(agent, id))).toMatchObject({ retryAtMs: startMs + 2 * hour });
    shop.setClock(startMs + 2 * hour);
    expect((await shop.enact(agent, id)).change.state).toBe('enacted');
  });

  test('has nothing enacted where nobody said who is to be told, or that nobody is', async () => {
    const shop = await world({});
    const { id } = await shop.schedule(at(startMs + hour));
    shop.setClock(startMs + hour);
    expect((await refusal(shop.enact(agent, id))).detail).toContain('no notifier covers Firefox/release');
    await shop.propose(operator, [made('notifier', 'none', { product: 'Firefox', transport: 'none' })]);
    expect((await shop.enact(agent, id)).change.state).toBe('enacted');
  });

  test('has nothing enacted because nobody is to be told of a part of what it reaches', async () => {
    const shop = await world({ none: { product: 'Firefox', channel: 'release', transport: 'none' } });
    const wide = patched('rule', '10', 2, { share: 50, channel: null });
    const { change } = await shop.propose(user('ed'), [wide], { condition: at(startMs + hour) });
    shop.setClock(startMs + hour);
    expect((await refusal(shop.enact(agent, change.id))).detail).toContain('no notifier covers Firefox:');
  });

  test('has what only lowers a risk enacted without an announcement, and it is told of', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + minute), 5);
    shop.setClock(startMs + minute);
    expect((await shop.enact(agent, id)).change.state).toBe('enacted');
    expect(outline(await shop.notices(id)).filter((line) => line.includes('enacted'))).toEqual([
      'hook enacted waiting 1',
    ]);
  });

  test('has nothing enacted that was announced before it was altered, or altered and put back', async () => {
    const shop = await world();
    const { id } = await shop.schedule(at(startMs + minute));
    await shop.deliver(() => true, startMs);
    const rewrite = (share: number) =>
      shop.act(user('ed'), id, (desk, change) =>
        editChange(desk, change, { edits: [patched('rule', '10', 2, { share })], voidSignOffs: false }),
      );
    await rewrite(60);
    shop.setClock(startMs + hour);
    expect(await codeOf(shop.enact(agent, id))).toBe('notice-missing');
    await rewrite(50);
    expect(await codeOf(shop.enact(agent, id))).toBe('notice-missing');
  });

  test('has nothing enacted when no notice could be delivered', async () => {
    const shop = await world();
    const { id, condition } = await shop.schedule(at(startMs + minute));
    expect(condition).toEqual(at(startMs + minute));
    await shop.store.write(async (tx) => {
      for (const notice of await tx.notices({ change: id, limit: 10 }))
        await tx.putNotice({ ...notice, state: 'failed', attempts: 1, notifierVersion: 1, trouble: 'nobody home' });
    });
    shop.setClock(startMs + hour);
    expect((await refusal(shop.enact(agent, id))).detail).toContain('could not be announced by hook: nobody home');
    expect((await shop.change(id)).state).toBe('pending');
    expect((await shop.enact(user('ed'), id)).change.state).toBe('enacted');
  });
});

test('what a person has enacted is announced and not held', async () => {
  const shop = await world();
  const { id } = await shop.schedule(at(startMs + minute));
  shop.setClock(startMs + minute);
  expect((await shop.enact(user('ed'), id)).change.state).toBe('enacted');
});

describe('when signals come true', () => {
  test('that is told once, and holds a program for the veto window', async () => {
    const shop = await world();
    const { id } = await shop.schedule(whenLoaded);
    expect(await shop.ask(id)).toMatchObject({ state: 'unannounced' });
    await shop.read(11, startMs);
    expect(await codeOf(shop.enact(agent, id))).toBe('notice-missing');
    expect(await shop.ask(id)).toMatchObject({ state: 'waiting' });
    expect(await shop.ask(id)).toMatchObject({ state: 'waiting' });
    expect(outline(await shop.notices(id))).toEqual(['hook armed waiting 0', 'hook crossed waiting 0']);
    const told = (await shop.notices(id)).find(({ event }) => event === 'crossed');
    expect(told?.detail).toMatchObject({ truth: 'true', leaves: [{ truth: 'true', reading: { value: 11 } }] });
    await shop.deliver(({ event }) => event === 'crossed', startMs + minute);
    const enactableAtMs = startMs + 16 * minute;
    expect(await shop.ask(id)).toMatchObject({ state: 'announced', enactableAtMs });
    for (let ms = minute; ms <= 16 * minute; ms += minute) await shop.read(12, startMs + ms);
    shop.setClock(enactableAtMs - 1);
    expect(await refusal(shop.enact(agent, id))).toMatchObject({ code: 'notice-missing', retryAtMs: enactableAtMs });
    shop.setClock(enactableAtMs);
    expect((await shop.enact(agent, id)).change.state).toBe('enacted');
  });

  test.each(['asked', 'not asked'])('and fall back meanwhile, it is to be told anew: %s', async (isAsked) => {
    const shop = await world();
    const { id } = await shop.schedule(whenLoaded);
    await shop.read(11, startMs);
    await shop.ask(id);
    await shop.deliver(({ event }) => event === 'crossed', startMs);
    shop.setClock(startMs + minute);
    await shop.read(9, startMs + minute);
    if (isAsked === 'asked') await shop.ask(id);
    shop.setClock(startMs + 20 * minute);
    await shop.read(11, startMs + 20 * minute);
    expect(await codeOf(shop.enact(agent, id))).toBe('notice-missing');
    expect(await shop.ask(id)).toMatchObject({ state: 'waiting' });
    const crossed = (await shop.notices(id)).filter(({ event }) => event === 'crossed');
    expect(crossed.map(({ state, overtakenAtMs }) => [state, overtakenAtMs === undefined])).toEqual([
      ['waiting', true],
      ['delivered', false],
    ]);
  });

  test('and what waits for one to fail has held meanwhile, it is to be told anew', async () => {
    const shop = await world();
    const { id } = await shop.schedule({ not: whenLoaded });
    await shop.read(1, startMs);
    await shop.ask(id);
    await shop.deliver(({ event }) => event === 'crossed', startMs);
    for (let ms = minute; ms <= 16 * minute; ms += minute) await shop.read(ms < 15 * minute ? 20 : 2, startMs + ms);
    shop.setClock(startMs + 16 * minute);
    expect(await codeOf(shop.enact(agent, id))).toBe('notice-missing');
  });

  test('by a clock that is ahead, that is told once all the same', async () => {
    const shop = await world();
    const { id } = await shop.schedule(whenLoaded);
    await shop.read(11, startMs + 2 * minute);
    await shop.ask(id);
    shop.setClock(startMs + 5000);
    await shop.ask(id);
    expect(outline(await shop.notices(id))).toEqual(['hook armed waiting 0', 'hook crossed waiting 0']);
  });

  test('and fall back before it was sent, it is not sent', async () => {
    const shop = await world();
    const { id } = await shop.schedule(whenLoaded);
    await shop.read(11, startMs);
    await shop.ask(id);
    await shop.read(9, startMs + 1);
    await shop.ask(id);
    const crossed = (await shop.notices(id)).filter(({ event }) => event === 'crossed');
    expect(crossed.map(({ state }) => state)).toEqual(['void']);
  });

  test('nobody is told before it is signed off', async () => {
    const shop = await world();
    await shop.propose(operator, [made('policy', 'p', { product: 'Firefox', role: 'releng', signOffs: 1 })]);
    const { id } = await shop.schedule(whenLoaded);
    await shop.read(11, startMs);
    expect(await shop.ask(id)).toMatchObject({ state: 'unannounced' });
    expect(await shop.notices(id)).toEqual([]);
  });
});

test('what is expected to come true within a lead time is told, and again from time to time', async () => {
  const shop = await world();
  const held: Condition = { signal: { name: 'load', op: '>=', value: 10, for: 'PT12H', maxAge: 'P1D' } };
  const { id } = await shop.schedule(held);
  await shop.read(11, startMs);
  await shop.ask(id);
  const forecasts = async () => (await shop.notices(id)).filter(({ event }) => event === 'forecast');
  expect(await forecasts()).toMatchObject([{ detail: { expectedAtMs: startMs + 12 * hour } }]);
  shop.setClock(startMs + 3 * hour);
  await shop.ask(id);
  expect(await forecasts()).toHaveLength(1);
  shop.setClock(startMs + 5 * hour);
  await shop.ask(id);
  expect(await forecasts()).toHaveLength(2);
});

test('what waits for another change is announced early enough for the veto window to be over in time', async () => {
  const shop = await world({ hook: { ...hook, vetoWindow: 'PT3H', leads: ['PT1H'] } });
  const pin = { product: 'Firefox', channel: 'release', version: '1.', release: 'Firefox-desupport' };
  const { change: first } = await shop.propose(user('ed'), [made('pin', 'Firefox/release/1.', pin)]);
  const { id } = await shop.schedule({ change: { id: first.id, state: 'enacted', for: 'PT6H' } });
  await shop.ask(id);
  const scheduled = async () => (await shop.notices(id)).filter(({ event }) => event === 'scheduled');
  expect(await scheduled()).toEqual([]);
  shop.setClock(startMs + 3 * hour - minute);
  await shop.ask(id);
  expect(outline(await scheduled())[0]).toBe('hook scheduled waiting 179');
});

test('what waits for another change is announced as soon as its time is known', async () => {
  const shop = await world();
  const { change: first } = await shop.propose(user('ed'), [
    made('pin', 'Firefox/release/1.', {
      product: 'Firefox',
      channel: 'release',
      version: '1.',
      release: 'Firefox-desupport',
    }),
  ]);
  const { id } = await shop.schedule({ change: { id: first.id, state: 'enacted', for: 'PT2H' } });
  await shop.ask(id);
  const scheduled = (await shop.notices(id)).filter(({ event }) => event === 'scheduled');
  expect(outline(scheduled)).toEqual([
    'hook scheduled waiting 0',
    'hook scheduled waiting 60',
    'hook scheduled waiting 105',
  ]);
  await shop.deliver(({ sendAtMs, event }) => event === 'scheduled' && sendAtMs === startMs, startMs + minute);
  shop.setClock(startMs + 2 * hour);
  expect(await shop.ask(id)).toMatchObject({ state: 'announced' });
  expect((await shop.enact(agent, id)).change.state).toBe('enacted');
});

test('people are shown how a change stands with its notices', async () => {
  const shop = await world();
  const { id } = await shop.schedule(at(startMs + hour));
  const shown = () => shop.as(user('ed'), async (desk) => noticeStateOf(desk, await findChange(desk.tx, id)));
  expect(await shown()).toMatchObject({ state: 'waiting', says: 'its notice is still to be delivered' });
  await shop.deliver(({ sendAtMs }) => sendAtMs === startMs, startMs + minute);
  expect(await shown()).toMatchObject({ state: 'announced', enactableAtMs: startMs + 16 * minute });
  shop.setClock(startMs + hour);
  await shop.enact(agent, id);
  expect(await shown()).toBeUndefined();
});
