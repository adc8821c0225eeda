import { LRUCache } from 'lru-cache';
import type { Credential } from '../../credential.ts';
import { readPrincipal } from '../../principal.ts';
import type { Authenticated, Presented } from '../../sign-in-app.ts';
import type { Transactions } from '../../store.ts';
import { isAlive } from './is-alive.ts';
import { isEnabled } from './is-enabled.ts';
import { digestOfSecret, isSecret } from './secret.ts';

export interface AuthenticationOptions {
  /** How long a session may go unused. */
  readonly idleMs: number;
  /** Called when the time of use could not be written down, which keeps nobody out. */
  readonly onTrouble: (error: unknown) => void;
}

/** Finds out who asks. */
export interface Authentication {
  /** Who presents this; `undefined` for nobody, whatever the reason. */
  authenticate(presented: Presented, nowMs: number): Promise<Authenticated | undefined>;
  /** Resolves when everything is written down that was begun. */
  settle(): Promise<void>;
}

/** How long what was read counts, so that a revocation takes effect within a second on every node. */
const keptMs = 500;
const mostKept = 10_000;
/** How exactly the time of use is kept. */
const usedEveryMs = 60_000;

interface Found {
  readonly atMs: number;
  readonly reading: Promise<Credential | undefined>;
}

/** Looks credentials up by their digests; what it has just read it does not read again. */
export function openAuthentication(store: Transactions, { idleMs, onTrouble }: AuthenticationOptions): Authentication {
  const kept = new LRUCache<string, Found>({ max: mostKept });
  const usedAtMs = new LRUCache<string, number>({ max: mostKept });
  const writing = new Set<Promise<void>>();

  /** A credential with an owner who is let in. */
  function lookUp(digest: string, nowMs: number): Promise<Credential | undefined> {
    const found = kept.get(digest);
    if (found !== undefined && Math.abs(nowMs - found.atMs) < keptMs) return found.reading;
    const reading = read(store, digest);
    kept.set(digest, { atMs: nowMs, reading });
    // What failed is asked for again; whoever waits for it sees why.
    reading.catch(() => kept.delete(digest));
    return reading;
  }

  function noteUse({ id, usedAtMs: stored }: Credential, nowMs: number): void {
    if (nowMs - Math.max(stored ?? 0, usedAtMs.get(id) ?? 0) < usedEveryMs) return;
    usedAtMs.set(id, nowMs);
    const write = store
      .write(async (transaction) => {
        const credential = await transaction.credentialById(id);
        if (credential === undefined || credential.revokedAtMs !== undefined) return;
        if ((credential.usedAtMs ?? 0) < nowMs) await transaction.putCredential({ ...credential, usedAtMs: nowMs });
      })
      .catch(onTrouble)
      .finally(() => writing.delete(write));
    writing.add(write);
  }

  return {
    async authenticate({ bearer, cookie }, nowMs) {
      const secret = bearer ?? cookie;
      if (secret === undefined || !isSecret(secret)) return undefined;
      const credential = await lookUp(digestOfSecret(secret), nowMs);
      const wanted = bearer === undefined ? 'session' : 'token';
      if (credential?.kind !== wanted || !isAlive(credential, nowMs, idleMs)) return undefined;
      noteUse(credential, nowMs);
      return authenticated(credential);
    },
    async settle() {
      await Promise.all(writing);
    },
  };
}

function read(store: Transactions, digest: string): Promise<Credential | undefined> {
  return store.read(async (view) => {
    const credential = await view.credential(digest);
    // An owner is looked for in any case, so that the time does not tell what was known.
    const mayEnter = await isEnabled(view, readPrincipal(credential?.owner || 'user:'));
    return mayEnter ? credential : undefined;
  });
}

function authenticated(credential: Exclude<Credential, { kind: 'link' | 'notice-link' }>): Authenticated {
  const base = { principal: readPrincipal(credential.owner), credentialId: credential.id };
  if (credential.kind === 'session') return { ...base, via: 'session', csrf: credential.csrf };
  const { scopes } = credential;
  return { ...base, via: 'token', ...(scopes === undefined ? {} : { scopes }) };
}
