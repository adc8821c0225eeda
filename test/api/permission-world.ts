import type { ApiServer } from '../../packages/server/src/admin-faces/api/api-server.fixture.ts';
import { made, operator, patched, user } from '../../packages/server/src/app/changes/changing.fixture.ts';
import type { Chain } from '../../packages/server/src/app/changes/find-chain.ts';
import { proposeChain } from '../../packages/server/src/app/changes/propose-chain.ts';
import { signOffChain } from '../../packages/server/src/app/changes/sign-off-chain.ts';
import { signOffChange } from '../../packages/server/src/app/changes/sign-off-change.ts';
import { makeToken } from '../../packages/server/src/app/sign-in/make-token.ts';
import { revokeAllOf } from '../../packages/server/src/app/sign-in/revoke-all-of.ts';
import type { Change } from '../../packages/server/src/change.ts';
import type { Scope } from '../../packages/server/src/permission.ts';
import { type Principal, principalText } from '../../packages/server/src/principal.ts';

/** Somebody in a column of the table, and the product that they ask about. */
export interface Column {
  readonly name: string;
  /** Absent for nobody. */
  readonly principal?: Principal;
  readonly scopes?: readonly Scope[];
  /** Their own product, or one with which they have nothing to do. */
  readonly product: 'Firefox' | 'Fennec';
}

const robot: Principal = { kind: 'service-account', name: 'robot' };
const mine = { product: 'Firefox' } as const;
const foreign = { product: 'Fennec' } as const;

/** Everybody whom the table is about, in its order. */
export const columns: readonly Column[] = [
  { name: 'nobody', ...mine },
  { name: 'newcomer', principal: user('newcomer'), ...mine },
  { name: 'viewer', principal: user('viewer'), ...mine },
  { name: 'agent', principal: { kind: 'service-account', name: 'agent' }, ...mine },
  { name: 'editor', principal: user('editor'), ...mine },
  { name: 'editor elsewhere', principal: user('editor'), ...foreign },
  { name: 'signer', principal: user('signer'), ...mine },
  { name: 'signer elsewhere', principal: user('signer'), ...foreign },
  { name: 'stopper', principal: user('stopper'), ...mine },
  { name: 'stopper elsewhere', principal: user('stopper'), ...foreign },
  { name: 'auditor', principal: user('auditor'), ...mine },
  { name: 'robot', principal: robot, ...mine },
  { name: 'robot elsewhere', principal: robot, ...foreign },
  { name: 'admin', principal: user('admin'), ...mine },
  { name: 'admin, token for read', principal: user('admin'), scopes: ['read'], ...mine },
];

/** Makes two products, who works on them, and the policies; nothing is there before. */
export async function furnishProducts({ workshop }: ApiServer): Promise<void> {
  const edits = ['read', 'create', 'update', 'delete', 'enact'];
  const products = ['Firefox'];
  await workshop.propose(operator, [
    ...(['Firefox', 'Fennec'] as const).flatMap((product) => [
      made('release', `${product}-1`, {
        product,
        blob: { schema_version: 50, name: `${product}-1`, detailsUrl: 'https://example.org/', displayVersion: '1' },
      }),
      made('rule', ruleOf(product), { priority: 100, product, channel: 'release', release: `${product}-1` }),
      made('throttle', `${product}/1.0`, { product, version: '1.0', percent: 50 }),
      made('notifier', `mail of ${product}`, { product, transport: 'email', to: ['list@example.org'] }),
      made('signal', `crashes of ${product}`, {
        source: 'prometheus',
        url: 'https://prometheus.example.org/',
        query: 'crashes',
        product,
      }),
    ]),
    made('user', 'newcomer@example.org', { roles: [] }),
    made('user', 'other@example.org', { roles: [] }),
    made('user', 'viewer@example.org', { roles: ['viewer'] }),
    made('user', 'editor@example.org', { roles: ['editor'] }),
    made('user', 'signer@example.org', { roles: ['relman'] }),
    made('user', 'leader@example.org', { roles: ['fenlead'] }),
    made('user', 'stopper@example.org', { roles: ['stopper'] }),
    made('user', 'auditor@example.org', { roles: ['auditor'] }),
    made('user', 'admin@example.org', { roles: ['admin'] }),
    made('service-account', 'agent', { roles: ['agent'] }),
    made('service-account', 'robot', { roles: ['editor'] }),
    made('service-account', 'idle', { roles: [] }),
    made('grant', 'editor', { role: 'editor', actions: edits, products }),
    made('grant', 'relman', { role: 'relman', actions: ['read'], products }),
    made('grant', 'fenlead', { role: 'fenlead', actions: ['read'], products: ['Fennec'] }),
    made('grant', 'stopper', { role: 'stopper', actions: ['stop'], products }),
    made('grant', 'auditor', { role: 'auditor', actions: ['audit'] }),
  ]);
  await workshop.propose(operator, [
    made('policy', 'relman', { product: 'Firefox', role: 'relman', signOffs: 1, kinds: ['rule'] }),
    made('policy', 'fenlead', { product: 'Fennec', role: 'fenlead', signOffs: 1, kinds: ['rule'] }),
  ]);
}

export function ruleOf(product: Column['product']): string {
  return product === 'Firefox' ? '10' : '20';
}

/** What a call may need to be there, made anew for each, so that none is in the way of another. */
export class World {
  readonly #server: ApiServer;
  readonly #tokens = new Map<string, string>();
  #made = 0;

  constructor(server: ApiServer) {
    this.#server = server;
  }

  get server(): ApiServer {
    return this.#server;
  }

  async tokenOf({ name, principal, scopes }: Column): Promise<string | undefined> {
    if (principal === undefined) return undefined;
    const token = this.#tokens.get(name) ?? (await this.#server.tokenOf(principal, scopes));
    this.#tokens.set(name, token);
    return token;
  }

  /** A change that waits for a sign-off, and then for its time, by somebody who is in no column. */
  async pending({ product }: Column, more: { readonly draft?: boolean } = {}): Promise<Change> {
    const comment = `number ${++this.#made}`;
    const edits = [patched('rule', ruleOf(product), 1, { comment })];
    const condition = { time: { after: '2026-12-01T10:00:00Z' } };
    return (await this.#server.workshop.propose(operator, edits, { condition, ...more })).change;
  }

  /** One that whoever asks has signed already, if they can sign it at all. */
  async signed(column: Column): Promise<Change> {
    const { workshop } = this.#server;
    const change = await this.pending(column);
    if (column.name !== 'signer' || column.principal === undefined) return change;
    const sign = (desk: Parameters<typeof signOffChange>[0], found: Change) => signOffChange(desk, found, undefined);
    return (await workshop.act(column.principal, change.id, sign)).change;
  }

  /** A chain that waits for a sign-off, and then for its time; on demand one that whoever asks has signed already, if they can. */
  async chain({ name, principal, product }: Column, { isSigned = false } = {}): Promise<Chain> {
    const { workshop } = this.#server;
    const edits = [patched('rule', ruleOf(product), 1, { comment: `number ${++this.#made}` })];
    const steps = [{ edits, condition: { time: { after: '2026-12-01T10:00:00Z' } } }, { edits }];
    const { chain } = await workshop.as(operator, (desk) =>
      proposeChain(desk, { reason: 'a test', priority: 0, steps }),
    );
    if (!isSigned || name !== 'signer' || principal === undefined) return chain;
    return (await workshop.as(principal, (desk) => signOffChain(desk, chain, undefined))).chain;
  }

  /** One that was enacted, for nothing had to be signed. */
  async enacted({ product }: Column): Promise<Change> {
    const { workshop } = this.#server;
    const name = `${product}/1.0`;
    const { version = 0 } = (await workshop.get('throttle', name)) ?? {};
    const edits = [patched('throttle', name, version, { percent: ++this.#made % 100 })];
    return (await workshop.propose(operator, edits)).change;
  }

  /** A new token: its id, and its secret for whoever wants to use it. */
  async newToken(
    owner: Principal,
    scopes?: readonly Scope[],
  ): Promise<{ readonly id: string; readonly secret: string }> {
    const { store, workshop } = this.#server;
    const nowMs = workshop.changing.nowMs();
    const wish = { name: 'of a call', owner, scopes, expiresAtMs: nowMs + 3_600_000, by: 'local:test' };
    const { token, secret } = await makeToken(store, wish, nowMs);
    return { id: token.id, secret };
  }

  /** The id of a new session; one that there is not of those who can have none. */
  async newSession(owner: Principal | undefined): Promise<string> {
    if (owner?.kind !== 'user') return 'none';
    const { store, workshop } = this.#server;
    const own = { kind: 'session', owner: principalText(owner) } as const;
    await revokeAllOf(store, { ...own, by: 'local:test' }, workshop.changing.nowMs());
    await this.#server.sessionOf(owner);
    const sessions = await store.read((view) => view.credentials({ ...own, limit: 1000 }));
    return sessions.find(({ revokedAtMs }) => revokedAtMs === undefined)?.id ?? 'none';
  }
}
