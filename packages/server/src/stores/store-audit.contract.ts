import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeAuditBefore } from '../app/audit/keep-audit.ts';
import { verifyAudit } from '../app/audit/verify-audit.ts';
import { digestOfCommit } from '../audit-chain.ts';
import type { Store } from '../store.ts';
import { edit, note, type StorePlace } from './store-place.contract.ts';

const total = 10;

/** The part of the suite that is about an audit log in which nothing can be altered unseen. */
export function describeAudit(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    /** Ten entries, the fifth of which tells of a commit. */
    async function fill(): Promise<void> {
      for (let i = 1; i <= total; i++) {
        await store.write(async (transaction) => {
          const made = await transaction.commit(i === 5 ? [edit('a', i), edit('b', i)] : [], note);
          expect(made.digest).toBe(digestOfCommit(made.versions));
          const commit = { revision: made.revision, digest: made.digest };
          await transaction.append({
            atMs: i,
            actor: `user:${i}\0`,
            action: i === 5 ? 'change.enacted' : 'token.made',
            ...(i % 2 === 0 ? { change: i } : { subject: `token "${i}"` }),
            detail: i === 5 ? { commit } : { n: i, '☃': [null, '\ud83d'] },
          });
        });
      }
    }

    const swap = (a: number, b: number) =>
      `update audit set seq = -1 where seq = ${a}; update audit set seq = ${a} where seq = ${b};
       update audit set seq = ${b} where seq = -1`;
    const copied = 'at_ms, actor, action, change_id, subject, detail, previous, hash';

    const tampering: readonly (readonly [string, string, number, string])[] = [
      ['another time', 'update audit set at_ms = at_ms + 1 where seq = 4', 4, 'altered'],
      ['another actor', `update audit set actor = 'user:eve' where seq = 4`, 4, 'altered'],
      ['another action', `update audit set action = 'token.revoked' where seq = 4`, 4, 'altered'],
      ['another change', 'update audit set change_id = 5 where seq = 4', 4, 'altered'],
      ['no change', 'update audit set change_id = null where seq = 4', 4, 'altered'],
      ['another subject', `update audit set subject = 'token x' where seq = 3`, 3, 'altered'],
      ['no subject', 'update audit set subject = null where seq = 3', 3, 'altered'],
      ['another detail', `update audit set detail = '{"n":7}' where seq = 4`, 4, 'altered'],
      ['a detail that is not JSON', `update audit set detail = '{"n":' where seq = 4`, 4, 'unreadable'],
      ['an actor that is no text of ours', `update audit set actor = '"' where seq = 4`, 4, 'unreadable'],
      ['another hash before', `update audit set previous = hash where seq = 4`, 4, 'altered'],
      ['another hash', `update audit set hash = previous where seq = 4`, 4, 'altered'],
      ['another number', 'update audit set seq = 1000 where seq = 4', 4, 'missing'],
      ['the first altered', `update audit set actor = 'user:eve' where seq = 1`, 1, 'altered'],
      ['the last altered', `update audit set actor = 'user:eve' where seq = 10`, 10, 'altered'],
      ['the first removed', 'delete from audit where seq = 1', 1, 'missing'],
      ['one in the middle removed', 'delete from audit where seq = 6', 6, 'missing'],
      ['the last removed', 'delete from audit where seq = 10', 10, 'missing'],
      ['all removed', 'delete from audit', 1, 'missing'],
      ['two neighbours exchanged', swap(3, 4), 3, 'reordered'],
      ['two far ones exchanged', swap(2, 9), 2, 'reordered'],
      ['one copied to the end', `insert into audit select 11, ${copied} from audit where seq = 4`, 11, 'added'],
      ['a head that ends later', 'update audit_head set seq = 12', 11, 'missing'],
      ['a head that ends earlier', 'update audit_head set seq = 8', 9, 'added'],
      ['a head with another hash', 'update audit_head set hash = removed_hash', 10, 'altered'],
      [
        'a cut at the beginning that the head covers',
        `update audit_head set removed_seq = 2, removed_hash = (select hash from audit where seq = 2);
         delete from audit where seq <= 2`,
        1,
        'missing',
      ],
      [
        'a version that the log tells of altered',
        `update object_versions set body = '6' where name = 'b'`,
        5,
        'altered',
      ],
      ['a version that is not JSON', `update object_versions set body = '{' where name = 'b'`, 5, 'altered'],
      [
        'a version that the log tells of removed',
        `delete from heads where name = 'b'; delete from object_versions where name = 'b'`,
        5,
        'altered',
      ],
    ];

    test('a log that nobody touched is sound, whether empty or not', async () => {
      expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 0 });
      await fill();
      expect(await verifyAudit(store)).toEqual({
        ok: true,
        entries: total,
        head: await store.read((view) => view.auditHead()),
      });
    });

    test.each(tampering)('%s is found, and the first bad entry named', async (_, statement, seq, what) => {
      await fill();
      await place.run(statement);
      expect(await verifyAudit(store)).toMatchObject({ ok: false, seq, what, detail: expect.stringMatching(/\.$/) });
    });

    test('what is added while it is verified does not disturb it', async () => {
      await fill();
      const other = await place.open();
      const adding = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) {
          await other.write((transaction) => transaction.append({ atMs: 1, actor: 'system', action: 'x', detail: i }));
        }
      };
      const [verdict] = await Promise.all([verifyAudit(store), adding()]);
      expect(verdict).toMatchObject({ ok: true });
      expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: total + 20 });
    });

    describe('retention', () => {
      const keep = { keepMs: 1, nowMs: 7, actor: 'system' };

      test('removes what is too old, says so, and leaves a sound log, again and again', async () => {
        await fill();
        const [fifth] = await store.read((view) => view.audit({ after: 4, limit: 1 }));
        expect(await removeAuditBefore(store, keep)).toMatchObject({ removed: 5, verdict: { ok: true, entries: 6 } });
        const entries = await store.read((view) => view.audit({ after: 0, limit: 100 }));
        expect(entries.map(({ seq }) => seq)).toEqual([6, 7, 8, 9, 10, 11]);
        expect(entries.at(-1)).toMatchObject({
          action: 'audit.removed',
          detail: { from: 1, to: 5, hash: fifth?.hash },
        });
        expect(await removeAuditBefore(store, keep)).toMatchObject({ removed: 0 });
        expect(await removeAuditBefore(store, { ...keep, nowMs: 100 })).toMatchObject({ removed: 6 });
        expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 1 });
        expect((await store.read((view) => view.auditHead())).removedSeq).toBe(11);
      });

      test('touches nothing of a log that is not as it was written', async () => {
        await fill();
        await place.run(`update audit set actor = 'user:eve' where seq = 2`);
        expect(await removeAuditBefore(store, keep)).toMatchObject({ removed: 0, verdict: { ok: false, seq: 2 } });
        expect(await store.read((view) => view.audit({ after: 0, limit: 100 }))).toHaveLength(total);
      });

      test.each([
        ['one more removed', 'delete from audit where seq = 6', 6, 'missing'],
        [
          'one more removed with a head that covers it',
          'update audit_head set removed_seq = 6, removed_hash = (select hash from audit where seq = 6); delete from audit where seq = 6',
          6,
          'missing',
        ],
        ['a removed entry put back', `insert into audit select 3, ${copied} from audit where seq = 6`, 3, 'added'],
        ['a head that says less was removed', 'update audit_head set removed_seq = 3', 4, 'missing'],
        ['a head with another hash of what was removed', 'update audit_head set removed_hash = hash', 6, 'altered'],
      ])('afterwards %s is found', async (_, statement, seq, what) => {
        await fill();
        await removeAuditBefore(store, keep);
        await place.run(statement);
        expect(await verifyAudit(store)).toMatchObject({ ok: false, seq, what });
      });

      test('of a time that is not one, or of entries that are not there, is refused', async () => {
        await fill();
        await expect(removeAuditBefore(store, { ...keep, keepMs: -1 })).rejects.toThrow(RangeError);
        for (const seq of [11, 1.5, Number.NaN]) {
          await expect(store.write((transaction) => transaction.removeAudit(seq))).rejects.toThrow(RangeError);
        }
        await store.write((transaction) => transaction.removeAudit(0));
        expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: total });
      });
    });
  });
}
