import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Claim } from '../claim.ts';
import { type Notice, type NoticeQuery, noticeStates } from '../notice.ts';
import type { Store } from '../store.ts';
import type { StorePlace } from './store-place.contract.ts';

function noticeOf(id: string, more: Partial<Notice> = {}): Notice {
  const about = { event: 'scheduled', notifier: 'mail', change: 1, digest: 'd' } as const;
  const times = { createdAtMs: 5, sendAtMs: 10, nextAtMs: 10 };
  return { id, ...about, ...times, state: 'waiting', attempts: 0, ...more };
}

function claimOf(change: number, more: Partial<Claim> = {}): Claim {
  return { change, version: 1, holder: 'h', untilMs: 10, failures: 0, nextAtMs: 0, ...more };
}

/** The part of the suite that is about notices, and about agents' claims. */
export function describeNotices(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const put = (...notices: readonly Notice[]) =>
      store.write(async (transaction) => {
        for (const notice of notices) await transaction.putNotice(notice);
      });
    const list = (query: Partial<NoticeQuery> = {}) => store.read((view) => view.notices({ limit: 1000, ...query }));
    const ids = async (query: Partial<NoticeQuery> = {}) => (await list(query)).map(({ id }) => id).join(' ');
    const odd = 'ü\0\ud83d\\"';

    test('notices come back as they were, and are written over by the same id', async () => {
      const detail = { readings: [{ value: 1.5, note: odd }] };
      const whole = noticeOf(odd, { notifier: odd, deliveredAtMs: 9.5, trouble: odd, detail });
      await put(noticeOf(odd, { attempts: 3 }), whole);
      expect(await store.read((view) => view.notice(odd))).toEqual(whole);
      expect(await list()).toEqual([whole]);
      expect(await store.read((view) => view.notice('none'))).toBeUndefined();
    });

    test('notices are listed newest first, a page at a time, also those of one moment', async () => {
      await put(...['a', 'b', 'c'].map((id) => noticeOf(id)), noticeOf('d', { createdAtMs: 4 }));
      await put(noticeOf('0', { createdAtMs: 6 }));
      expect(await ids()).toBe('0 c b a d');
      expect(await ids({ limit: 2 })).toBe('0 c');
      expect(await ids({ limit: 2, before: { createdAtMs: 5, id: 'c' } })).toBe('b a');
      expect(await ids({ before: { createdAtMs: 5, id: 'a' } })).toBe('d');
      await expect(list({ limit: 0 })).rejects.toThrow(RangeError);
    });

    test('notices are found by change, notifier and state', async () => {
      const { change: _, ...test } = noticeOf('t', { event: 'self-test', notifier: odd });
      await put(...noticeStates.map((state) => noticeOf(state, { state })), noticeOf('two', { change: 2 }), test);
      expect(await ids({ change: 2 })).toBe('two');
      expect(await ids({ notifier: odd })).toBe('t');
      expect(await ids({ notifier: 'mail', states: ['void', 'failed'] })).toBe('void failed');
      expect(await ids({ states: [] })).toBe('');
      expect(await ids({ change: 1, notifier: odd })).toBe('');
    });

    test('notices that are due come in the order of their times', async () => {
      await put(
        noticeOf('c', { nextAtMs: 10 }),
        noticeOf('b', { nextAtMs: 10, state: 'sending' }),
        noticeOf('a', { nextAtMs: 10, createdAtMs: 6 }),
        noticeOf('late', { nextAtMs: 10.5 }),
        noticeOf('first', { nextAtMs: 9 }),
        noticeOf('sent', { nextAtMs: 1, state: 'delivered' }),
      );
      expect(await ids({ dueByMs: 10.9 })).toBe('first b c a');
      expect(await ids({ dueByMs: 11 })).toBe('first b c a late');
      expect(await ids({ dueByMs: 11, states: ['sending'] })).toBe('b');
      expect(await ids({ dueByMs: 11, limit: 2 })).toBe('first b');
    });

    test('notices that were last attempted before a time are forgotten, unless they are still to be sent', async () => {
      await put(
        ...noticeStates.map((state) => noticeOf(state, { state, nextAtMs: 99 })),
        noticeOf('newer', { state: 'void', nextAtMs: 100, createdAtMs: 6 }),
      );
      await store.write((transaction) => transaction.forgetBefore({ credentials: 0, replays: 0, readings: 1000 }));
      expect(await list()).toHaveLength(6);
      await store.write((transaction) => transaction.forgetBefore({ credentials: 0, replays: 0, notices: 100 }));
      expect(await ids()).toBe('newer waiting sending');
    });

    test('a notice goes with the change that it tells of, or not at all', async () => {
      const failing = store.write(async (transaction) => {
        await transaction.putNotice(noticeOf('a'));
        await transaction.putClaim(claimOf(1));
        expect(await transaction.notice('a')).toBeDefined();
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await list()).toEqual([]);
      expect(await store.read((view) => view.claims([1]))).toEqual([]);
    });

    test('claims are found by their changes, many at once, and are written over', async () => {
      const trouble = { problem: 'unknown', detail: odd, atMs: 7 } as const;
      await store.write(async (transaction) => {
        for (const change of [700, 2, 1]) await transaction.putClaim(claimOf(change));
        await transaction.putClaim(claimOf(2, { holder: odd, failures: 1, nextAtMs: 0.5, trouble }));
      });
      const many = Array.from({ length: 1200 }, (_, i) => 1200 - i);
      await store.read(async (view) => {
        const second = claimOf(2, { holder: odd, failures: 1, nextAtMs: 0.5, trouble });
        expect(await view.claims([...many, 2])).toEqual([claimOf(1), second, claimOf(700)]);
        expect(await view.claims([3])).toEqual([]);
        expect(await view.claims([])).toEqual([]);
      });
    });
  });
}
