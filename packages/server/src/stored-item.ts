import type { AuditEntry, AuditHead } from './audit.ts';
import type { Change } from './change.ts';
import type { BinCount, CountSource } from './count.ts';
import type { Credential } from './credential.ts';
import type { Notice } from './notice.ts';
import type { StoredReading } from './signal.ts';
import type { StoredCommit } from './stored-commit.ts';

/** One of all the things that a store holds, but for replays and claims, which are of use for a short time only. */
export type StoredItem =
  | { readonly kind: 'commit'; readonly commit: StoredCommit }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'credential'; readonly credential: Credential }
  | { readonly kind: 'audit-entry'; readonly entry: AuditEntry }
  | { readonly kind: 'audit-head'; readonly head: AuditHead }
  | { readonly kind: 'reading'; readonly reading: StoredReading }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'count'; readonly count: BinCount }
  | { readonly kind: 'count-source'; readonly source: CountSource };
