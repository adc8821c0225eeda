import { afterEach } from 'vitest';
import type { ApiApp, ApiRate } from '../../api-app.ts';
import { type Workshop, workshopOver } from '../../app/changes/changing.fixture.ts';
import { makeSalt } from '../../app/draw-ticket.ts';
import { lateStore } from '../../app/late-store.ts';
import { openAuthentication } from '../../app/sign-in/authentication.ts';
import { prepareSession } from '../../app/sign-in/begin-session.ts';
import { identifyCaller } from '../../app/sign-in/identify-caller.ts';
import { makeToken } from '../../app/sign-in/make-token.ts';
import { signInUser } from '../../app/sign-in/sign-in-user.ts';
import { temporaryStores } from '../../app/temporary-store.fixture.ts';
import { openAdminListener } from '../../http/admin-listener.ts';
import { adminOrigins } from '../../http/admin-origins.ts';
import type { Scope } from '../../permission.ts';
import type { Principal } from '../../principal.ts';
import { ownSignals } from '../../signals/index.ts';
import type { Store } from '../../store.ts';
import { api } from '../api.ts';

/** The admin API as a node serves it: a real listener, real tokens and sessions, a real store. The clock is the workshop's. */
export interface ApiServer {
  readonly url: string;
  readonly store: Store;
  readonly workshop: Workshop;
  /** What nobody expected. */
  readonly bugs: readonly unknown[];
  /** From where whoever asks next comes. */
  address: string;
  /** Whether the database cannot be reached to find out who asks. */
  isAway: boolean;
  preview: ApiApp['preview'];
  /** A token of somebody who is a user or service account already. */
  tokenOf(principal: Principal, scopes?: readonly Scope[]): Promise<string>;
  /** The secret of a new session. */
  sessionOf(user: Principal): Promise<string>;
  call(method: string, path: string, asked?: Asked): Promise<Called>;
  close(): Promise<void>;
}

export interface Asked {
  /** The token of whoever asks; nobody unless given. */
  readonly token?: string | undefined;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to say.
  readonly body: any;
}

export interface ApiServerOptions {
  readonly rate?: ApiRate;
}

/** Opens one on a free port of the loopback. */
export async function openApiServer(
  store: Store,
  { rate = { perSecond: 0, burst: 1 } }: ApiServerOptions = {},
): Promise<ApiServer> {
  const workshop = workshopOver(store);
  const { nowMs } = workshop.changing;
  const bugs: unknown[] = [];
  const stopping = new AbortController();
  const onTrouble = (error: unknown) => void bugs.push(error);
  const state = { address: '192.0.2.1', isAway: false, preview: (async () => emptyReport) as ApiApp['preview'] };
  const reachable = lateStore(() => (state.isAway ? undefined : store));
  const authentication = openAuthentication(reachable, { idleMs: 3_600_000, onTrouble });
  let listening = { host: '127.0.0.1', port: 0 };
  const origins = adminOrigins(undefined, () => listening);
  const app: ApiApp = {
    changing: { ...workshop.changing, makeSalt, ownSignals },
    identify: identifyCaller({ authentication, origins, nowMs }),
    addressOf: () => state.address,
    rate,
    origin: () => origins.main,
    preview: (edits, wishes) => state.preview(edits, wishes),
    cachesHoldSeconds: 90,
    watch: () => () => {},
    stopping: stopping.signal,
    version: { source: 'sluice', version: '1.2.3', commit: '', build: '' },
    nowMs,
  };
  const listener = await openAdminListener(listening, {
    faces: [{ ...api, routes: api.open(app) }],
    onBug: (_, bug) => void bugs.push(bug),
  });
  listening = listener;
  const url = `http://127.0.0.1:${listener.port}`;
  return Object.assign(state, {
    url,
    store,
    workshop,
    bugs,
    async tokenOf(owner: Principal, scopes?: readonly Scope[]) {
      const wish = { name: 'of a test', owner, scopes, expiresAtMs: nowMs() + 86_400_000, by: 'local:test' };
      return (await makeToken(store, wish, nowMs())).secret;
    },
    async sessionOf({ name }: Principal) {
      const prepared = prepareSession({ agent: 'a browser' }, 3_600_000, nowMs());
      const outcome = await signInUser(store, name, prepared);
      if (outcome.kind === 'refused') throw new Error(outcome.why);
      return outcome.session.secret;
    },
    call: (method: string, path: string, asked?: Asked) => call(url + path, method, asked),
    async close() {
      stopping.abort();
      await listener.close(500);
      await authentication.settle();
    },
  });
}

async function call(url: string, method: string, { token, body, headers, signal }: Asked = {}): Promise<Called> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Gives a function that opens an API over a new, empty store; what is still open after a test is closed. */
export function apiServers(): (options?: ApiServerOptions) => Promise<ApiServer> {
  const open: ApiServer[] = [];
  // What was registered first is done last: the stores are closed after the servers.
  const openStore = temporaryStores();
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  return async (options) => {
    const server = await openApiServer(await openStore(), options);
    open.push(server);
    return server;
  };
}

export const emptyReport: Awaited<ReturnType<ApiApp['preview']>> = {
  revision: 1,
  atMs: 0,
  sampled: 0,
  complete: true,
  total: { lines: 0, differing: 0, expected: 0, noticed: 0 },
  inexact: 0,
  byProduct: { first: [], leftOut: 0 },
  byChannel: { first: [], leftOut: 0 },
  byOutcome: { first: [], leftOut: 0 },
  examples: [],
  regression: [],
};
