/** Something that was done, or refused, as it is written down. */
export interface NewAuditEntry {
  readonly atMs: number;
  /** A principal (`principalText`), or `system`. */
  readonly actor: string;
  /** What was done: `change.proposed`, `token.made`. */
  readonly action: string;
  /** The change that it is about. */
  readonly change?: number;
  /** What else it is about: `token 3f…`, `user ada@example.org`. */
  readonly subject?: string;
  /** Everything that the act rested on, as plain JSON. */
  readonly detail: unknown;
}

/** An entry of the audit log. Each holds the hash of the one before, so that none can be altered, removed or moved unseen. */
export interface AuditEntry extends NewAuditEntry {
  /** 1 for the first that was ever written; the next is one more. */
  readonly seq: number;
  /** The hash of the entry before, 64 zeros before the first. */
  readonly previous: string;
  /** SHA-256, in hex, of the entry's canonical form with `previous`. */
  readonly hash: string;
}

/** Which entries are wanted. Newest first. */
export interface AuditQuery {
  /** Entries with a smaller number only: where the page before ended. */
  readonly before?: number;
  /** Entries with a greater number only, then oldest first. */
  readonly after?: number;
  readonly change?: number;
  readonly actor?: string;
  /** An action or, ending in a dot, the beginning of actions. */
  readonly action?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

/** The end of the chain as the store notes it beside the log, so that a cut at the end is seen too. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  /** The last entry that retention has removed; 0 and 64 zeros when none was. */
  readonly removedSeq: number;
  readonly removedHash: string;
}
