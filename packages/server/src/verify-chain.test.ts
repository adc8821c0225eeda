import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditHead, NewAuditEntry } from './audit.ts';
import { emptyHead, hashEntry } from './audit-chain.ts';
import { verifyChain } from './verify-chain.ts';

interface Log {
  readonly entries: readonly AuditEntry[];
  readonly head: AuditHead;
}

function logOf(written: readonly NewAuditEntry[]): Log {
  let head = emptyHead;
  const entries = written.map((entry) => {
    const numbered = { ...entry, seq: head.seq + 1 };
    const whole = { ...numbered, previous: head.hash, hash: hashEntry(head.hash, numbered) };
    head = { ...head, seq: whole.seq, hash: whole.hash };
    return whole;
  });
  return { entries, head };
}

async function* streamed(entries: readonly AuditEntry[]): AsyncGenerator<AuditEntry> {
  yield* entries;
}

const verify = ({ entries, head }: Log) => verifyChain(streamed(entries), head);

function withAt(entries: readonly AuditEntry[], i: number, entry: AuditEntry): readonly AuditEntry[] {
  return entries.map((one, at) => (at === i ? entry : one));
}

function withMore(entries: readonly AuditEntry[], i: number, entry: AuditEntry): readonly AuditEntry[] {
  return [...entries.slice(0, i), entry, ...entries.slice(i)];
}

const anyEntry: fc.Arbitrary<NewAuditEntry> = fc
  .record(
    {
      atMs: fc.integer(),
      actor: fc.string({ unit: 'binary' }),
      action: fc.constantFrom('change.proposed', 'token.made', ''),
      change: fc.nat(),
      subject: fc.string({ unit: 'binary' }),
      detail: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ['atMs', 'actor', 'action', 'detail'] },
  )
  .map((entry) => JSON.parse(JSON.stringify(entry)));

const anyLog = fc.array(anyEntry, { minLength: 1, maxLength: 12 }).map(logOf);

const options = { seed: 20_261_121, numRuns: 300 };

describe('a log', () => {
  test('that is as it was written is sound', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 12 }).map(logOf), async (log) => {
        expect(await verify(log)).toEqual({ ok: true, entries: log.entries.length, head: log.head });
      }),
      options,
    ));

  test('in which any field of an entry differs is not, and the entry is named', () =>
    fc.assert(
      fc.asyncProperty(anyLog, fc.nat(), anyEntry, async (log, at, other) => {
        const i = at % log.entries.length;
        const entry = log.entries[i];
        if (entry === undefined) return;
        for (const field of ['atMs', 'actor', 'action', 'change', 'subject', 'detail', 'previous', 'hash'] as const) {
          const replaced = { previous: 'f'.repeat(64), hash: 'f'.repeat(64), ...other }[field];
          const { [field]: before, ...rest } = entry;
          if (JSON.stringify(replaced) === JSON.stringify(before)) continue;
          const altered = (replaced === undefined ? rest : { ...rest, [field]: replaced }) as AuditEntry;
          const verdict = await verify({ ...log, entries: withAt(log.entries, i, altered) });
          expect(verdict).toMatchObject({ ok: false, seq: i + 1, what: 'altered' });
        }
      }),
      options,
    ));

  test('whose altered entry got a hash that fits is not, and that entry is named', () =>
    fc.assert(
      fc.asyncProperty(anyLog, fc.nat(), async (log, at) => {
        const i = at % log.entries.length;
        const entry = log.entries[i];
        if (entry === undefined) return;
        const altered = { ...entry, actor: `${entry.actor}x` };
        const forged = { ...altered, hash: hashEntry(entry.previous, altered) };
        expect(await verify({ ...log, entries: withAt(log.entries, i, forged) })).toMatchObject({
          ok: false,
          seq: i + 1,
        });
      }),
      options,
    ));

  test('with entries missing, moved, repeated or put in is not, and the first bad place is named', () =>
    fc.assert(
      fc.asyncProperty(anyLog, fc.nat(), fc.nat(), anyEntry, async (log, at, to, forged) => {
        const { entries } = log;
        const i = at % entries.length;
        const j = to % entries.length;
        const [one, other] = [entries[i], entries[j]];
        if (one === undefined || other === undefined) return;
        expect(await verify({ ...log, entries: entries.filter((_, k) => k !== i) })).toMatchObject({
          ok: false,
          seq: i + 1,
        });
        const twice = await verify({ ...log, entries: withMore(entries, i, one) });
        expect(twice).toMatchObject({ ok: false, seq: i + 1 });
        const numbered = { ...forged, seq: one.seq };
        const whole = { ...numbered, previous: one.previous, hash: hashEntry(one.previous, numbered) };
        const inserted = await verify({ ...log, entries: withMore(entries, i, whole) });
        expect(inserted).toMatchObject({ ok: false, seq: i + 1 });
        if (i === j) return;
        const first = Math.min(i, j) + 1;
        const moved = await verify({ ...log, entries: withAt(withAt(entries, i, other), j, one) });
        expect(moved).toMatchObject({ ok: false, seq: first, what: 'reordered' });
        const renumbered = withAt(withAt(entries, i, { ...other, seq: one.seq }), j, { ...one, seq: other.seq });
        expect(await verify({ ...log, entries: renumbered })).toMatchObject({ seq: first, what: 'reordered' });
      }),
      options,
    ));

  test('that is cut at the end is not, however much is missing', () =>
    fc.assert(
      fc.asyncProperty(anyLog, fc.nat(), async (log, at) => {
        const left = at % log.entries.length;
        const verdict = await verify({ ...log, entries: log.entries.slice(0, left) });
        expect(verdict).toMatchObject({ ok: false, seq: left + 1, what: 'missing' });
      }),
      options,
    ));

  test('that is cut at the beginning is sound if the log itself says so, and only then', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { minLength: 2, maxLength: 12 }), fc.nat(), async (written, at) => {
        const to = 1 + (at % written.length);
        const { hash = '' } = logOf(written).entries[to - 1] ?? {};
        const cut = ({ entries, head }: Log): Log => ({
          entries: entries.slice(to),
          head: { ...head, removedSeq: to, removedHash: hash },
        });
        const removed = (detail: unknown) => ({ atMs: 1, actor: 'system', action: 'audit.removed', detail });
        expect(await verify(cut(logOf([...written, removed({ from: 1, to, hash })])))).toMatchObject({ ok: true });
        for (const said of [[], [removed({ from: 1, to: to - 1, hash })], [removed(null)]]) {
          expect(await verify(cut(logOf([...written, ...said])))).toMatchObject({ ok: false });
        }
      }),
      options,
    ));
});
