import type { Reading, SignalCondition } from 'sluice';
import type { CountQuery } from './count.ts';
import type { PopulationBody } from './kinds/population.ts';
import type { SignalBody } from './kinds/signal.ts';

/** A reading as it is kept. */
export interface StoredReading extends Reading {
  /** `signalKey` of what was read. */
  readonly signal: string;
  /** When it was written down. */
  readonly atMs: number;
  /** Who read it (`principalText`), or `system`. */
  readonly by: string;
}

/** Which readings of a signal are wanted, the newest first by the time that they are of. */
export interface ReadingQuery {
  readonly signal: string;
  /** Of this moment or later. */
  readonly fromMs?: number;
  /** Of before this moment only: where the page before ended. */
  readonly beforeMs?: number;
  readonly limit: number;
}

/** The names of the signals that are read from our own counters. */
export const ownSignalNames = ['uptake', 'offers', 'checks', 'events', 'crashes'] as const;

export type OwnSignalName = (typeof ownSignalNames)[number];

/** Our own counters, as of one moment. */
export interface Counted {
  /** All nodes have told everything that they counted before this moment; absent when nothing was ever counted. */
  readonly throughMs: number | undefined;
  /** Why `throughMs` does not go on, where it does not; for the note of a reading. */
  readonly trouble?: string;
  /** Adds up; what is before `throughMs` only. */
  sum(query: CountQuery): Promise<number>;
  /** How a product's installs check, and since when that is configured. */
  population(product: string): Promise<{ readonly body: PopulationBody; readonly sinceMs: number } | undefined>;
}

/** A signal that the server reads by itself. One file each in `signals/`. Never throws for what cannot be known. */
export interface OwnSignal<Name extends OwnSignalName = OwnSignalName> {
  readonly name: Name;
  readonly summary: string;
  read(query: NonNullable<SignalCondition[Name]>, counted: Counted): Promise<Reading>;
}

/** The way out, with what guards it. */
export interface Outside {
  /**
   * Asks a server. Addresses that are not of the public internet are refused unless they are allowed; the address that was
   * looked at is the one that is connected to; redirects are not followed. Once there is a status there is an answer.
   * @throws NotKnown
   */
  ask(request: OutsideRequest): Promise<OutsideAnswer>;
  /**
   * A secret by its name, for this host only: `HOST:PORT`, or `HOST` for port 443, as `host` of a URL has it.
   * @throws NotKnown where there is none of the name, or it is not for the host; it never holds the secret
   */
  secret(name: string, host: string): string;
}

export interface OutsideRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface OutsideAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most a mebibyte; empty where there is `trouble`. */
  readonly body: string;
  /** Why the body is not known: it is too long, compressed, or did not come to its end. */
  readonly trouble?: string;
}

/** A signal that an agent reads elsewhere. One file each in `signals/`. Never throws for what cannot be known. */
export interface OutsideSignal<Source extends SignalBody['source'] = SignalBody['source']> {
  readonly source: Source;
  readonly summary: string;
  read(body: Extract<SignalBody, { readonly source: Source }>, outside: Outside, nowMs: number): Promise<Reading>;
}
