import { user } from '../../packages/server/src/app/changes/changing.fixture.ts';
import { principalText } from '../../packages/server/src/principal.ts';
import { type Column, ruleOf, type World } from './permission-world.ts';

/** What is asked for a cell of the table. */
export interface Call {
  readonly path: string;
  readonly body?: object;
  /** For `If-Match`. */
  readonly version?: number;
  /** Asks with this token instead of the column's own. */
  readonly secret?: string;
}

const other = user('other');
const owner = encodeURIComponent(principalText(other));
const expiresAt = '2026-12-01T00:00:00Z';

const patchOf = ({ product }: Column) => [
  { kind: 'rule', name: ruleOf(product), expectedVersion: 1, op: 'patch', patch: { comment: 'x' } },
];
const reason = { reason: 'a test' };
const plain = (path: string) => async (): Promise<Call> => ({ path });
const object =
  (rest: string) =>
  async (_: World, { product }: Column): Promise<Call> => ({
    path: `/objects/throttle/${encodeURIComponent(`${product}/1.0`)}${rest}`,
  });

type Prepare = (world: World, column: Column) => Promise<Call>;

/** An act upon a change that waits. */
const upon =
  (rest: string, body?: object): Prepare =>
  async (world, column) => {
    const { id, version } = await world.pending(column);
    return { path: `/changes/${id}${rest}`, version, ...(body !== undefined && { body }) };
  };

/** An act upon a chain that waits. */
const uponChain =
  (rest: string, body?: object): Prepare =>
  async (world, column) => {
    const { id, version } = await world.chain(column);
    return { path: `/chains/${id}${rest}`, version, ...(body !== undefined && { body }) };
  };

/** For each row of the table how it is asked: the method stands in its name, and what is in the way of a "yes" is made before. */
export const calls: Readonly<Record<string, Prepare>> = {
  'GET /openapi.json': plain('/openapi.json'),
  'GET /me': plain('/me'),

  'GET /changes': plain('/changes'),
  'POST /changes': async (_, column) => ({ path: '/changes', body: { ...reason, edits: patchOf(column) } }),
  'GET /changes/events': plain('/changes/events'),
  'GET /changes/states': plain('/changes/states?updatedFrom=2026-11-21T12:00:00Z'),
  'GET /changes/{id}, pending': upon(''),
  'GET /changes/{id}, enacted': async (world, column) => ({ path: `/changes/${(await world.enacted(column)).id}` }),
  'PATCH /changes/{id}': upon('', reason),
  'GET /changes/{id}/history': upon('/history'),
  'POST /changes/{id}/submit': async (world, column) => ({
    path: `/changes/${(await world.pending(column, { draft: true })).id}/submit`,
    body: {},
  }),
  'POST /changes/{id}/sign-off': upon('/sign-off', {}),
  'POST /changes/{id}/withdraw-sign-off': async (world, column) => ({
    path: `/changes/${(await world.signed(column)).id}/withdraw-sign-off`,
    body: {},
  }),
  'POST /changes/{id}/veto': upon('/veto', reason),
  'POST /changes/{id}/revert': async (world, column) => ({
    path: `/changes/${(await world.enacted(column)).id}/revert`,
    body: reason,
  }),
  'POST /changes/{id}/enact': upon('/enact', {}),
  'POST /changes/{id}/attempts': upon('/attempts', { holder: 'a-program', problem: 'unknown', detail: 'x' }),
  'POST /claims': async (world, column) => ({
    path: '/claims',
    body: { holder: 'a-program', seconds: 0, changes: [(await world.pending(column)).id] },
  }),
  'GET /changes/{id}/evidence': upon('/evidence'),
  'GET /changes/{id}/why': upon('/why'),
  'POST /changes/{id}/notice': upon('/notice', {}),
  'GET /changes/{id}/notices': upon('/notices'),
  'GET /changes/{id}/preview': upon('/preview'),
  'POST /preview': async (_, column) => ({ path: '/preview', body: { edits: patchOf(column) } }),

  'GET /chains': plain('/chains'),
  'POST /chains': async (_, column) => ({
    path: '/chains',
    body: { ...reason, steps: [{ edits: patchOf(column) }, { edits: patchOf(column) }] },
  }),
  'GET /chains/{id}': uponChain(''),
  'POST /chains/{id}/sign-off': uponChain('/sign-off', {}),
  'POST /chains/{id}/withdraw-sign-off': async (world, column) => ({
    path: `/chains/${(await world.chain(column, { isSigned: true })).id}/withdraw-sign-off`,
    body: {},
  }),
  'POST /chains/{id}/veto': uponChain('/veto', reason),

  'GET /signals': plain('/signals'),
  'GET /readings': async (_, { product }) => ({
    path: `/readings?signal=${encodeURIComponent(`offers {"product":"${product}"}`)}`,
  }),
  'POST /readings': async (_, { product }) => ({
    path: '/readings',
    body: { readings: [{ signal: `crashes of ${product}`, value: 1, asOf: '2026-11-21T12:00:00Z' }] },
  }),
  'POST /readings/own': async (_, { product }) => ({
    path: '/readings/own',
    body: { signals: [{ offers: { product } }] },
  }),

  'GET /notices': plain('/notices'),
  'POST /notices/self-test': async (_, { product }) => ({
    path: '/notices/self-test',
    body: { notifier: `mail of ${product}` },
  }),

  'GET /stops': plain('/stops'),
  'POST /stops': async (_, { product }) => ({ path: '/stops', body: { product } }),

  'GET /objects': plain('/objects'),
  'GET /objects/{kind}/{name}': object(''),
  'GET /objects/{kind}/{name}/versions': object('/versions'),
  'GET /objects/{kind}/{name}/versions/{version}': object('/versions/1'),
  'GET /objects/{kind}/{name}/diff': object('/diff?from=1'),

  'GET /configuration': plain('/configuration'),
  'GET /configuration/diff': plain('/configuration/diff?from=0'),
  'POST /configuration/revert': async (world, column) => {
    const { revision = 0 } = (await world.enacted(column)).end ?? {};
    return { path: '/configuration/revert', body: { to: revision - 1, kinds: ['throttle'], ...reason } };
  },
  'GET /commits': plain('/commits'),

  'GET /audit': plain('/audit'),
  'GET /audit/head': plain('/audit/head'),
  'GET /audit/verify': plain('/audit/verify'),
  'POST /audit/retention': async () => ({ path: '/audit/retention', body: { keepDays: 30 } }),

  'GET /tokens, one’s own': plain('/tokens'),
  'GET /tokens, another’s': plain(`/tokens?owner=${owner}`),
  'POST /tokens, one’s own': async () => ({ path: '/tokens', body: { name: 'x', expiresAt } }),
  'POST /tokens, a service account’s': async () => ({
    path: '/tokens',
    body: { name: 'x', owner: 'service-account:idle', expiresAt },
  }),
  'POST /tokens, another user’s': async () => ({
    path: '/tokens',
    body: { name: 'x', owner: principalText(other), expiresAt },
  }),
  'DELETE /tokens/{id}, that which is sent': async (world, { principal, scopes }) => {
    if (principal === undefined) return { path: '/tokens/none' };
    const { id, secret } = await world.newToken(principal, scopes);
    return { path: `/tokens/${id}`, secret };
  },
  'DELETE /tokens/{id}, one’s own': async (world, { principal = other }) => ({
    path: `/tokens/${(await world.newToken(principal)).id}`,
  }),
  'DELETE /tokens/{id}, another’s': async (world) => ({ path: `/tokens/${(await world.newToken(other)).id}` }),

  'GET /sessions, one’s own': plain('/sessions'),
  'GET /sessions, another’s': plain(`/sessions?owner=${owner}`),
  'DELETE /sessions, one’s own': plain('/sessions'),
  'DELETE /sessions, another’s': plain(`/sessions?owner=${owner}`),
  'DELETE /sessions/{id}, one’s own': async (world, { principal }) => ({
    path: `/sessions/${await world.newSession(principal)}`,
  }),
  'DELETE /sessions/{id}, another’s': async (world) => ({ path: `/sessions/${await world.newSession(other)}` }),

  'POST /sign-in-links': async () => ({ path: '/sign-in-links', body: { user: other.name } }),
};
