import type { Scope } from '../permission.ts';
import type { Principal } from '../principal.ts';
import { Problem } from '../problem.ts';
import { atDesk, type Changing } from './changes/desk.ts';
import { proposeChange } from './changes/propose-change.ts';
import { makeToken } from './sign-in/make-token.ts';
import { revokeCredential } from './sign-in/revoke-credential.ts';

/** The service account of the agents that run inside servers. */
const account: Principal = { kind: 'service-account', name: 'agent' };
/** Whoever starts a server has this from the machine. */
const local: Principal = { kind: 'local', name: 'agent inside' };
/** Whatever else the account may be given, the token of an agent inside is good for nothing else. */
const scopes: readonly Scope[] = ['read-changes', 'report', 'enact'];

/** A token of that account, as long as it is needed. */
export interface AgentToken {
  readonly secret: string;
  revoke(): Promise<void>;
}

/**
 * Gives an agent inside a token, and makes its service account where there never was one.
 * @throws Problem `sign-offs-missing` where policies want other people's consent to the account; `object-not-found` where it is
 * disabled
 */
export async function openAgentToken(changing: Changing, lastsMs: number): Promise<AgentToken> {
  await ensureAccount(changing);
  const nowMs = changing.nowMs();
  const by = `local:${local.name}`;
  const request = { name: 'agent inside a server', owner: account, scopes, expiresAtMs: nowMs + lastsMs, by };
  const { secret, token } = await makeToken(changing.store, request, nowMs);
  return {
    secret,
    revoke: () => revokeCredential(changing.store, { id: token.id, by }, changing.nowMs()),
  };
}

async function ensureAccount(changing: Changing): Promise<void> {
  await atDesk(changing, { principal: local }, async (desk) => {
    const { kind, name } = account;
    if (kind === 'local' || desk.current.get(kind, name) !== undefined) return;
    // One that was deleted was deleted by somebody who wants none.
    if ((await desk.tx.history(kind, name)).length > 0)
      throw new Problem('object-not-found', 'the service account agent was deleted');
    const { change } = await proposeChange(desk, {
      reason: 'the agent inside the server',
      edits: [{ kind, name, expectedVersion: 0, op: 'put', body: { roles: ['agent'] } }],
      condition: { now: true },
      priority: 0,
      draft: false,
    });
    if (change.state === 'enacted') return;
    const detail = 'policies want sign-offs for the service account agent: have sluice put propose it, and sign that';
    throw new Problem('sign-offs-missing', detail);
  });
}
