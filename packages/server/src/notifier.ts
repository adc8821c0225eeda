import type { NotifierBody } from './kinds/notifier.ts';
import type { MailSettings } from './mail-settings.ts';
import type { Notice } from './notice.ts';
import type { Outside } from './signal.ts';

/** A message as people are to read it, whatever carries it. */
export interface Message {
  readonly notice: Notice;
  /** One line: what will happen, or has happened, and until when it can be stopped. */
  readonly subject: string;
  /** A sentence or two. */
  readonly summary: string;
  readonly sections: readonly MessageSection[];
  /** What the reader can do: each leads to a page that does nothing by itself. For each recipient its own, where it is personal. */
  readonly links: readonly { readonly label: string; readonly url: string; readonly recipient?: string }[];
  /** What belongs together is one thread: the first change of a chain, or the change itself. */
  readonly thread: string;
  /** Who sends it: what people call the admin listener, an origin without a slash at its end. */
  readonly origin: string;
  /** Plain JSON for programs: the body of the event. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface MessageSection {
  readonly title: string;
  /** Rows of a table; the first one is its head. */
  readonly rows: readonly (readonly string[])[];
}

/** What came of an attempt. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly note: string }
  /**
   * Worth another attempt; not before `retryAtMs`, where the other side said so. Whom it has `reached` all the same is to be
   * written into each notice (`Notice.reached`), so that the next attempt leaves them out.
   */
  | {
      readonly kind: 'later';
      readonly trouble: string;
      readonly retryAtMs?: number;
      readonly reached?: readonly Reached[];
    }
  /** Never to be tried again. `disable` when the other side wants no more of anything. */
  | { readonly kind: 'refused'; readonly trouble: string; readonly disable?: true };

/** One notice has come to one recipient. */
export interface Reached {
  /** The id of the notice. */
  readonly notice: string;
  readonly recipient: string;
}

/** How long an attempt takes at most, whatever the other side does, in milliseconds. */
export const longestAttemptMs = 90_000;

/** What a way of sending needs. */
export interface Sending {
  readonly outside: Outside;
  /** How e-mail is handed over; absent where nothing is configured. */
  readonly mail?: MailSettings | undefined;
  readonly nowMs: () => number;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/**
 * A way of sending messages. One file each in `notifiers/`. Never throws for what the other side does. Several messages are of
 * one thread; where the way allows it they are told as one.
 */
export interface Notifier<Transport extends NotifierBody['transport'] = NotifierBody['transport']> {
  readonly transport: Transport;
  readonly summary: string;
  deliver(
    messages: readonly Message[],
    body: Extract<NotifierBody, { readonly transport: Transport }>,
    sending: Sending,
  ): Promise<Delivery>;
}
