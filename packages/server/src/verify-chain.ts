import type { AuditEntry, AuditHead } from './audit.ts';
import { hashEntry } from './audit-chain.ts';

/** What is wrong with an audit log, at its first entry that is not as it was written. */
export interface ChainFault {
  readonly ok: false;
  /** The number of that entry; one more than the last where the note of the end is wrong. */
  readonly seq: number;
  readonly what: 'altered' | 'missing' | 'reordered' | 'repeated' | 'added' | 'unreadable';
  /** One sentence. */
  readonly detail: string;
}

export type ChainVerdict = { readonly ok: true; readonly entries: number; readonly head: AuditHead } | ChainFault;

/** What retention writes down of the entries that it removes. */
export interface Removal {
  readonly from: number;
  readonly to: number;
  /** The hash of the last entry that was removed. */
  readonly hash: string;
}

/** The action of the entry in which retention says what it removed. */
export const removalAction = 'audit.removed';

/**
 * Whether all entries of a log are as they were written, given in the order of the log. Finds what was altered, removed,
 * moved, repeated or added, a cut at the end, and one at the beginning that retention did not make. Whoever can write
 * all of the database can write all of the chain anew: against that, keep the head somewhere else.
 */
export async function verifyChain(entries: AsyncIterable<AuditEntry>, head: AuditHead): Promise<ChainVerdict> {
  let last = { seq: head.removedSeq, hash: head.removedHash };
  let removal = noRemoval;
  let count = 0;
  const iterator = entries[Symbol.asyncIterator]();
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const entry = next.value;
      const suspect = faultOf(entry, last, head);
      if (suspect !== undefined) return await named(suspect, entry, iterator, head);
      if (entry.action === removalAction) removal = removalIn(entry);
      last = entry;
      count += 1;
    }
  } finally {
    await iterator.return?.();
  }
  return faultAtEnds(last, removal, head) ?? { ok: true, entries: count, head };
}

const noRemoval: Removal = { from: 1, to: 0, hash: '' };

function removalIn({ detail }: AuditEntry): Removal {
  return typeof detail === 'object' && detail !== null ? { ...noRemoval, ...detail } : noRemoval;
}

function fault(seq: number, what: ChainFault['what'], detail: string): ChainFault {
  return { ok: false, seq, what, detail };
}

/** What is wrong with `entry`, which follows `last`. */
function faultOf(entry: AuditEntry, last: Pick<AuditEntry, 'seq' | 'hash'>, head: AuditHead): ChainFault | undefined {
  const { seq, previous, hash } = entry;
  const expected = last.seq + 1;
  if (seq > head.seq)
    return fault(seq, 'added', `Entry ${seq} stands after the end of the log, which is at ${head.seq}.`);
  if (seq < expected) {
    if (seq <= head.removedSeq) return fault(seq, 'added', `Entry ${seq} was removed by retention and is there again.`);
    return fault(seq, 'repeated', `Entry ${seq} stands after entry ${last.seq}.`);
  }
  if (seq > expected) return fault(expected, 'missing', `Entry ${expected} is missing.`);
  if (hashEntry(previous, entry) !== hash) return fault(seq, 'altered', `Entry ${seq} is not as it was written.`);
  if (previous === last.hash) return undefined;
  // Whoever alters an entry can give it the hash that fits; the next one then tells of it.
  const first = last.seq > head.removedSeq ? last.seq : seq;
  return fault(first, 'altered', `Entry ${seq} does not follow what stands before it.`);
}

/** The same fault, with a better name where an entry only stands in another's place. */
async function named(
  fault: ChainFault,
  entry: AuditEntry,
  rest: AsyncIterator<AuditEntry>,
  head: AuditHead,
): Promise<ChainFault> {
  const moved = (detail: string): ChainFault => ({ ...fault, what: 'reordered', detail });
  if (fault.what === 'altered' && fault.seq === entry.seq) {
    // Which number was it written under? Those who swap two entries mostly move them not far.
    const last = Math.min(head.seq, entry.seq + nearby);
    for (let seq = Math.max(1, entry.seq - nearby); seq <= last; seq++) {
      if (seq !== entry.seq && hashEntry(entry.previous, { ...entry, seq }) === entry.hash) {
        return moved(`In the place of entry ${entry.seq} stands entry ${seq}.`);
      }
    }
  }
  if (fault.what === 'missing') {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      if (next.value.seq === fault.seq) return moved(`Entry ${fault.seq} stands after entry ${entry.seq}.`);
    }
  }
  return fault;
}

/** How far away an entry that was moved is looked for. */
const nearby = 10_000;

function faultAtEnds(
  last: Pick<AuditEntry, 'seq' | 'hash'>,
  removal: Removal,
  head: AuditHead,
): ChainFault | undefined {
  if (last.seq < head.seq) {
    return fault(
      last.seq + 1,
      'missing',
      `The log was written up to entry ${head.seq} and ends with entry ${last.seq}.`,
    );
  }
  if (last.hash !== head.hash) {
    return fault(last.seq, 'altered', `Entry ${last.seq} is not the one with which the log ended.`);
  }
  if (head.removedSeq === 0) return undefined;
  if (removal.to < head.removedSeq) {
    const said = removal.to === 0 ? 'retention removed none' : `retention removed no more than ${removal.to}`;
    return fault(removal.to + 1, 'missing', `The log begins after entry ${head.removedSeq}, but ${said}.`);
  }
  if (removal.to === head.removedSeq && removal.hash === head.removedHash) return undefined;
  return fault(head.removedSeq + 1, 'altered', 'The note of where the log begins is not what retention wrote.');
}
