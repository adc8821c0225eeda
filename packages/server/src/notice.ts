/** What a notice tells. */
export const noticeEvents = [
  /** It will be enacted at a time. Sent ahead by each lead time. */
  'scheduled',
  /** All have signed; from now on it waits for signals. */
  'armed',
  /** Its signals are expected to come true within a lead time. */
  'forecast',
  /** Its condition has come true; it will be enacted when the veto window is over. */
  'crossed',
  /** It could be enacted, but no notice could be delivered. */
  'held',
  'enacted',
  'failed',
  'vetoed',
  /** Nothing: that the notifier works. */
  'self-test',
] as const;

export type NoticeEvent = (typeof noticeEvents)[number];

export const noticeStates = ['waiting', 'sending', 'delivered', 'failed', 'void'] as const;

/** `failed`: given up. `void`: overtaken before it was sent, because the change was altered or has ended. */
export type NoticeState = (typeof noticeStates)[number];

/** One message to one notifier, written in the same transaction as what it tells of. */
export interface Notice {
  /** A UUID. The same in all attempts, so that whoever gets it twice can know. */
  readonly id: string;
  readonly event: NoticeEvent;
  /** The name of the object of the kind `notifier` that it goes to. */
  readonly notifier: string;
  /** The change that it is about; absent for a self-test. */
  readonly change?: number;
  /** `digestOf` the change: what it announces is exactly that. */
  readonly digest?: string;
  readonly createdAtMs: number;
  /** Not sent before. */
  readonly sendAtMs: number;
  readonly state: NoticeState;
  readonly attempts: number;
  /** When it is attempted next, while it is `waiting`; until when the attempt that runs may take, while it is `sending`. */
  readonly nextAtMs: number;
  /** When it first reached somebody. */
  readonly deliveredAtMs?: number;
  /** Since when it announces nothing any more, though it was delivered: the change was altered, or its signals fell back. */
  readonly overtakenAtMs?: number;
  /** The id under which it was first sent, with others of its thread: the same in all attempts. */
  readonly group?: string;
  /** The version of the notifier with which it was last attempted. */
  readonly notifierVersion?: number;
  /** Whether the other side answered that it wants no more of anything. */
  readonly disables?: true;
  /** Why the last attempt failed. */
  readonly trouble?: string;
  /** Whom it has reached, while others still wait: the next attempt leaves them out. */
  readonly reached?: readonly string[];
  /** What it rests on, as plain JSON: readings, a forecast. */
  readonly detail?: unknown;
}

/** Which notices are wanted: the newest first, or, of those that are due, the longest due first. */
export interface NoticeQuery {
  readonly change?: number;
  readonly notifier?: string;
  readonly states?: readonly NoticeState[];
  /** Only those whose next attempt is at this moment or before; those that wait or are being sent, unless `states` says otherwise. */
  readonly dueByMs?: number;
  /** Those after this one only, the newest first: where the page before ended. */
  readonly before?: Pick<Notice, 'createdAtMs' | 'id'>;
  readonly limit: number;
}
