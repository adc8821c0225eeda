import type { IncomingMessage } from 'node:http';
import type { Caller, Changing } from './app/changes/desk.ts';
import type { Preview } from './app/preview/preview.ts';
import type { SoftwareVersion } from './face.ts';
import type { Authenticated } from './sign-in-app.ts';

/** Who asks, and by what they were known. */
export type Identified = Caller & Pick<Authenticated, 'credentialId' | 'csrf'>;

/** How many requests the API answers to one caller; all when `perSecond` is 0. */
export interface ApiRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What the admin API may ask of the server. */
export interface ApiApp {
  readonly changing: Changing;
  /**
   * Who asks, by the bearer token or the session cookie of a request.
   * @throws Problem `sign-in-needed`, `csrf-check-failed`
   */
  identify(request: Pick<Request, 'method' | 'headers'>): Promise<Identified>;
  /** Who asks, for limits; a trusted proxy is believed. */
  addressOf(request: IncomingMessage): string;
  readonly rate: ApiRate;
  /** What people call the admin listener: an origin, without a slash at its end. */
  readonly origin: () => string;
  /** Says what edits would do to what this node's clients get. */
  readonly preview: Preview;
  /** How long caches in front may hold what was answered before, in seconds. */
  readonly cachesHoldSeconds: number;
  /** Calls `onCommit` when something may have been written, until the function that it answers with is called. */
  watch(onCommit: () => void): () => void;
  /** Aborted when the node stops: who listens is sent away, so that the listener can close. */
  readonly stopping: AbortSignal;
  readonly version: SoftwareVersion;
  nowMs(): number;
}
