import type { IncomingMessage } from 'node:http';
import type { Caller } from './app/changes/desk.ts';
import type { AdminOrigins } from './http/admin-origins.ts';
import type { MessageSection } from './notifier.ts';
import type { Authenticated, Presented } from './sign-in-app.ts';

/** What the face for the links of notices may ask of the server. */
export interface NoticeApp {
  readonly origins: AdminOrigins;
  nowMs(): number;
  /** Who asks, for limits; a trusted proxy is believed. */
  addressOf(request: IncomingMessage): string;
  authenticate(presented: Presented): Promise<Authenticated | undefined>;
  /** What a link leads to; `undefined` where it does nothing any more, whatever the reason. Looking alters nothing. */
  byLink(secret: string): Promise<ChangeView | undefined>;
  /** The same for somebody who is signed in; `undefined` where they may not see it. */
  byCaller(change: number, caller: Caller): Promise<ChangeView | undefined>;
  /** Does what the owner of a link may do, and uses the link up. @throws Problem `notice-link-spent`, and those of the act. */
  actByLink(secret: string, act: NoticeAct): Promise<ActedView>;
  /** @throws Problem `change-not-found`, `version-conflict`, and those of the act. */
  actAsCaller(change: number, seen: string, caller: Caller, act: NoticeAct): Promise<ActedView>;
}

/** What somebody can do on the page of a change. */
export type NoticeAct =
  | { readonly kind: 'veto'; readonly reason: string }
  | { readonly kind: 'sign'; readonly role: string | undefined };

/** A change, as a page shows it to somebody. */
export interface ChangeView {
  readonly change: number;
  /** `digestOf` the change: what was seen is what is signed. */
  readonly seen: string;
  /** Who it is shown to. */
  readonly user: string;
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly MessageSection[];
  readonly mayVeto: boolean;
  /** The roles in which this person can sign what is still to be signed. */
  readonly roles: readonly string[];
}

/** What came of an act. */
export interface ActedView {
  readonly change: number;
  readonly state: string;
}
