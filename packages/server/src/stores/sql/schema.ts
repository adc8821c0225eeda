import type { Generated } from 'kysely';
import type { ChangeState } from '../../change.ts';
import type { CountEvent } from '../../count.ts';
import type { Credential } from '../../credential.ts';
import type { KindName } from '../../kind.ts';
import type { NoticeState } from '../../notice.ts';

/** The tables that every SQL store has, as Kysely sees them. Names and notes are in the form of `stored-text.ts`. */
export interface Schema {
  commits: {
    revision: number;
    at_ms: number;
    author: string;
    reason: string;
  };
  /** Every version that there ever was. Rows are only added. */
  object_versions: {
    kind: KindName;
    name: string;
    version: number;
    revision: number;
    /** JSON with sorted keys, or null where the object was deleted. */
    body: string | null;
  };
  /** The newest version of every name that there ever was, so that reading the present need not search the past. */
  heads: {
    kind: KindName;
    name: string;
    version: number;
    revision: number;
  };
  /** Every change that there ever was. */
  changes: {
    id: number;
    version: number;
    state: ChangeState;
    proposer: string;
    priority: number;
    due_at_ms: number | null;
    /** The revision that its enactment made. */
    revision: number | null;
    updated_at_ms: number;
    /** A `ChangeSummary` as JSON, so that lists need not read the edits. */
    document: string;
    /** The edits as JSON. */
    edits: string;
  };
  /** Which objects a change edits. */
  change_objects: {
    change_id: number;
    kind: KindName;
    name: string;
    /** 1 while the change may still be enacted. */
    open: number;
  };
  audit: {
    seq: number;
    at_ms: number;
    actor: string;
    action: string;
    change_id: number | null;
    subject: string | null;
    /** JSON with sorted keys. */
    detail: string;
    previous: string;
    hash: string;
  };
  /** One row: where the audit log ends, and where it begins. */
  audit_head: {
    seq: number;
    hash: string;
    removed_seq: number;
    removed_hash: string;
  };
  credentials: {
    id: string;
    digest: string;
    kind: Credential['kind'];
    owner: string;
    expires_at_ms: number;
    /** The whole credential as JSON. */
    document: string;
  };
  replays: {
    principal: string;
    key: string;
    request: string;
    at_ms: number;
    status: number;
    body: string;
  };
  /** What is counted together; a number for it keeps the counts, of which there are many, small. */
  count_series: {
    id: Generated<number>;
    product: string;
    event: CountEvent;
    channel: string;
    version: string;
    release: string;
    rule: number;
  };
  counts: {
    series: number;
    bin_ms: number;
    count: number;
  };
  count_sources: {
    source: string;
    sequence: number;
    through_ms: number;
    seen_at_ms: number;
    /** 1 when nothing more will come. */
    ended: number;
  };
  readings: {
    signal: string;
    as_of_ms: number;
    at_ms: number;
    read_by: string;
    /** Null where it cannot be known. */
    value: number | null;
    note: string;
  };
  notices: {
    id: string;
    change_id: number | null;
    notifier: string;
    state: NoticeState;
    created_at_ms: number;
    next_at_ms: number;
    /** The whole notice as JSON. */
    document: string;
  };
  claims: {
    change_id: number;
    /** The whole claim as JSON. */
    document: string;
  };
}
