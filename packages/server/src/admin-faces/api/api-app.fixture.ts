import { Hono } from 'hono';
import type { AdminEnv, AdminRoutes } from '../../admin-face.ts';
import type { ApiApp, Identified } from '../../api-app.ts';
import { type Workshop, workshopOver } from '../../app/changes/changing.fixture.ts';
import { temporaryStores } from '../../app/temporary-store.fixture.ts';
import { openAdminListener } from '../../http/admin-listener.ts';
import { errorResponse, statusResponse } from '../../http/admin-listener-problem.ts';
import type { Scope } from '../../permission.ts';
import { type Principal, principalText, readPrincipal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { api } from '../api.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests are about
  readonly body: any;
}

/** Somebody who asks, by what the tests take for a token. */
export interface Asker {
  readonly headers: Readonly<Record<string, string>>;
  /** Asks below `/api/v1`. A body is sent as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  get(path: string): Promise<ApiAnswer>;
  /** The answer to a list, page by page, put together. */
  all(path: string, field: string): Promise<readonly ApiAnswer['body'][]>;
}

/** The API over a store of its own. */
export interface ApiWorld {
  readonly shop: Workshop;
  readonly app: ApiApp;
  readonly routes: AdminRoutes;
  /** What nobody expected; a test that ends well leaves none. */
  readonly bugs: readonly unknown[];
  by(who: Principal, scopes?: readonly Scope[]): Asker;
  /** Says that something may have been written. */
  hint(): void;
  /** How many listen for that. */
  watching(): number;
  /** Lets nobody in any more. */
  forget(who: Principal): void;
  stop(): void;
  /** Listens on a free port of the loopback, until the end of `use`. */
  listening<T>(use: (url: string) => Promise<T>): Promise<T>;
}

const mostPages = 200;

/** Gives a function that opens the API over a new, empty SQLite store. */
export function apiWorlds(): (differences?: Partial<ApiApp>) => Promise<ApiWorld> {
  const openStore = temporaryStores();
  return async (differences = {}) => openApiWorld(workshopOver(await openStore()), differences);
}

function openApiWorld(shop: Workshop, differences: Partial<ApiApp>): ApiWorld {
  const watchers = new Set<() => void>();
  const forgotten = new Set<string>();
  const stopping = new AbortController();
  const bugs: unknown[] = [];
  const onBug = (_id: string, error: unknown): void => void bugs.push(error);
  const app: ApiApp = {
    changing: shop.changing,
    identify: async ({ headers }) => callerIn(headers, forgotten),
    addressOf: () => '192.0.2.1',
    rate: { perSecond: 0, burst: 1 },
    origin: () => 'http://127.0.0.1:8081',
    preview: () => Promise.reject(new Error('Nothing is served here.')),
    cachesHoldSeconds: 90,
    watch(onCommit) {
      watchers.add(onCommit);
      return () => watchers.delete(onCommit);
    },
    stopping: stopping.signal,
    version: { source: 'sluice', version: '1.2.3', commit: '', build: '' },
    nowMs: shop.changing.nowMs,
    ...differences,
  };
  const face = { authorisation: api.authorisation, routes: api.open(app) };
  const routes: AdminRoutes = new Hono<AdminEnv>();
  routes.onError((error) => errorResponse(error, onBug));
  routes.notFound(() => statusResponse(404));
  routes.route('/', face.routes);
  return {
    shop,
    app,
    routes,
    bugs,
    by: (who, scopes) => asker(routes, who, scopes),
    hint() {
      for (const watcher of [...watchers]) watcher();
    },
    watching: () => watchers.size,
    forget: (who) => void forgotten.add(principalText(who)),
    stop: () => stopping.abort(),
    async listening(use) {
      const listener = await openAdminListener({ host: '127.0.0.1', port: 0 }, { faces: [face], onBug });
      try {
        return await use(`http://127.0.0.1:${listener.port}`);
      } finally {
        await listener.close(100);
      }
    },
  };
}

function asker(routes: AdminRoutes, who: Principal, scopes: readonly Scope[] | undefined): Asker {
  const headers = {
    'x-test-caller': encodeURIComponent(principalText(who)),
    ...(scopes !== undefined && { 'x-test-scopes': scopes.join(' ') }),
  };
  const ask: Asker['ask'] = async (method, path, body, more = {}) => {
    const init = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    // There is no socket here; the address is made up.
    const response = await routes.request(`/api/v1${path}`, init, { incoming: undefined });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const get: Asker['get'] = (path) => ask('GET', path);
  return {
    headers,
    ask,
    get,
    async all(path, field) {
      const found: unknown[] = [];
      let cursor = '';
      for (let page = 1; page <= mostPages; page += 1) {
        const { status, body } = await get(`${path}${cursor}`);
        if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
        found.push(...body[field]);
        if (body.next === undefined) return found;
        cursor = `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(body.next)}`;
      }
      throw new Error(`${path} has more than ${mostPages} pages`);
    },
  };
}

function callerIn(headers: Headers, forgotten: ReadonlySet<string>): Identified {
  const who = decodeURIComponent(headers.get('x-test-caller') ?? '');
  if (who === '' || forgotten.has(who)) throw new Problem('sign-in-needed', 'send a token');
  const scopes = headers.get('x-test-scopes')?.split(' ') as readonly Scope[] | undefined;
  return { principal: readPrincipal(who), credentialId: 'test', ...(scopes !== undefined && { scopes }) };
}
