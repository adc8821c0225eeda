import { randomBytes } from 'node:crypto';
import type { Session } from '../../credential.ts';
import { principalText } from '../../principal.ts';
import type { Browser, StartedSession } from '../../sign-in-app.ts';
import type { StoreTransaction } from '../../store.ts';
import { makeSecret } from './secret.ts';

/** A session that is ready to be begun: made outside of the transaction, which may run twice. */
export interface PreparedSession {
  readonly browser: Browser;
  readonly secret: string;
  readonly blank: Omit<Session, 'owner'>;
}

/** Makes the secrets of a session. */
export function prepareSession(browser: Browser, lifeMs: number, nowMs: number): PreparedSession {
  const { text, digest, id } = makeSecret('session');
  const blank = {
    kind: 'session',
    id,
    digest,
    agent: (browser.agent ?? '').replace(/[^\x20-\x7e]+/g, ' ').slice(0, 120),
    csrf: randomBytes(32).toString('hex'),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
    usedAtMs: nowMs,
  } as const;
  return { browser, secret: text, blank };
}

/** Begins it for a user, in the place of the one that the browser had. Whether the user may enter has been asked before. */
export async function beginSession(
  transaction: StoreTransaction,
  { browser, secret, blank }: PreparedSession,
  user: string,
  via: 'oidc' | 'link',
): Promise<StartedSession> {
  const owner = principalText({ kind: 'user', name: user });
  const before = browser.replaces === undefined ? undefined : await transaction.credentialById(browser.replaces);
  if (before?.kind === 'session' && before.revokedAtMs === undefined)
    await transaction.putCredential({ ...before, revokedAtMs: blank.createdAtMs });
  await transaction.putCredential({ ...blank, owner });
  await transaction.append({
    atMs: blank.createdAtMs,
    actor: owner,
    action: 'session.begun',
    subject: `session ${blank.id}`,
    detail: { via, ...(before === undefined ? {} : { replaces: before.id }) },
  });
  return { user, secret, expiresAtMs: blank.expiresAtMs };
}
