import type { AuditEntry, AuditHead } from '../../audit.ts';
import { digestOfCommit } from '../../audit-chain.ts';
import { Problem } from '../../problem.ts';
import type { Transactions } from '../../store.ts';
import { type ChainFault, type ChainVerdict, verifyChain } from '../../verify-chain.ts';

/** What entries say of the commit that an enactment made, in their detail. */
interface CommitClaim {
  readonly revision: number;
  readonly digest: string;
}

export interface VerifyOptions {
  /** Whether the commits that the log tells of are looked at too, which reads every body that they made. True unless said. */
  readonly commits?: boolean;
}

const pageSize = 200;
const attempts = 5;

/**
 * Looks whether every entry of the audit log is as it was written, and every version of an object that it tells of.
 * Others may write meanwhile; what they add is not looked at.
 */
export async function verifyAudit(store: Transactions, options: VerifyOptions = {}): Promise<ChainVerdict> {
  for (let attempt = 1; ; attempt++) {
    const { verdict, removedSeq } = await verifyOnce(store, options);
    if (verdict.ok || attempt === attempts) return verdict;
    // Retention may have taken what was about to be read.
    const head = await store.read((view) => view.auditHead());
    if (head.removedSeq === removedSeq) return verdict;
  }
}

async function verifyOnce(
  store: Transactions,
  { commits = true }: VerifyOptions,
): Promise<{ readonly verdict: ChainVerdict; readonly removedSeq: number }> {
  const head = await store.read((view) => view.auditHead());
  let unreadable: ChainFault | undefined;
  let commitFault: ChainFault | undefined;

  async function* entries(): AsyncGenerator<AuditEntry> {
    for await (const entry of entriesOf(store, head)) {
      if ('what' in entry) {
        unreadable = entry;
        return;
      }
      if (commits) commitFault ??= await faultOfCommit(store, entry);
      yield entry;
    }
  }

  const verdict = await verifyChain(entries(), head);
  // Where the entries end before their time, the chain is short of the one that could not be read.
  const chain = verdict.ok || unreadable === undefined || verdict.seq < unreadable.seq ? verdict : unreadable;
  if (commitFault === undefined) return { verdict: chain, removedSeq: head.removedSeq };
  return { verdict: chain.ok || commitFault.seq < chain.seq ? commitFault : chain, removedSeq: head.removedSeq };
}

/** The entries up to `head`, and what stands after the end without having been added by a writer of ours. */
async function* entriesOf(store: Transactions, head: AuditHead): AsyncGenerator<AuditEntry | ChainFault> {
  for (let after = 0; ; ) {
    const { page, now } = await readPage(store, after);
    for (const entry of page) {
      if ('what' in entry || entry.seq <= head.seq || entry.seq > now.seq) yield entry;
    }
    const last = page.at(-1);
    if (last === undefined || 'what' in last) return;
    after = last.seq;
  }
}

interface Page {
  readonly page: readonly (AuditEntry | ChainFault)[];
  /** The head at the moment of the page. */
  readonly now: AuditHead;
}

async function readPage(store: Transactions, after: number): Promise<Page> {
  const read = (from: number, limit: number) =>
    store.read(async (view) => ({ page: await view.audit({ after: from, limit }), now: await view.auditHead() }));
  try {
    return await read(after, pageSize);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  // One of them cannot be read: the others before it are, one by one.
  const page: (AuditEntry | ChainFault)[] = [];
  for (let from = after; ; ) {
    try {
      const {
        page: [entry],
        now,
      } = await read(from, 1);
      if (entry === undefined || page.length === pageSize) return { page, now };
      page.push(entry);
      from = entry.seq;
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      const { detail } = error;
      const now = await store.read((view) => view.auditHead());
      return { page: [...page, { ok: false, seq: from + 1, what: 'unreadable', detail }], now };
    }
  }
}

/** Whether the commit that an entry tells of is still what it was. */
async function faultOfCommit(store: Transactions, { seq, detail }: AuditEntry): Promise<ChainFault | undefined> {
  const claim = claimIn(detail);
  if (claim === undefined) return undefined;
  const altered = (why: string): ChainFault => ({
    ok: false,
    seq,
    what: 'altered',
    detail: `Revision ${claim.revision}, which entry ${seq} tells of, is not as it was made${why}.`,
  });
  try {
    const versions = await store.read((view) => view.versionsOf(claim.revision));
    return digestOfCommit(versions) === claim.digest ? undefined : altered('');
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return altered(`: ${error.detail}`);
  }
}

function claimIn(detail: unknown): CommitClaim | undefined {
  if (typeof detail !== 'object' || detail === null || !('commit' in detail)) return undefined;
  const { commit } = detail;
  if (typeof commit !== 'object' || commit === null || !('revision' in commit) || !('digest' in commit))
    return undefined;
  const { revision, digest } = commit;
  return typeof revision === 'number' && typeof digest === 'string' ? { revision, digest } : undefined;
}

function isCorrupt(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'store-corrupt';
}
