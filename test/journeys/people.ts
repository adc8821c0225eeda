import { expect } from 'vitest';
import { furnish, operator, protect, workshopOver } from '../../packages/server/src/app/changes/changing.fixture.ts';
import { makeToken } from '../../packages/server/src/app/sign-in/make-token.ts';
import type { Store } from '../../packages/server/src/store.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';

/** What the API answers with. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests are about
  readonly body: any;
}

/** Somebody with a token. */
export interface Person {
  readonly token: string;
  /** Asks one node. A body is sent as JSON. */
  ask(
    port: number,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
}

export const names = ['ada', 'grace', 'mary', 'eve', 'ed'] as const;

export type People = Readonly<Record<(typeof names)[number] | 'root', Person>>;

/** Puts a small world with people into a store: `furnish` says which, and `root` may do everything. */
export async function peopleIn(
  place: { readonly data: string; readonly databaseUrl?: string },
  protection: 'protected' | 'open',
): Promise<People> {
  const store = await openStore(place);
  try {
    const shop = workshopOver(store);
    await furnish(shop);
    await shop.propose(operator, [
      { kind: 'user', name: 'root@example.org', expectedVersion: 0, op: 'put', body: { roles: ['admin'] } },
    ]);
    if (protection === 'protected') await protect(shop);
    const people = await Promise.all(
      [...names, 'root' as const].map(async (name) => [name, await person(store, name)] as const),
    );
    return Object.fromEntries(people) as People;
  } finally {
    await store.close();
  }
}

/** Puts an administrator into a store beside what it holds. */
export async function administratorIn(place: {
  readonly data: string;
  readonly databaseUrl?: string;
}): Promise<Person> {
  const store = await openStore(place);
  try {
    await workshopOver(store).propose(operator, [
      { kind: 'user', name: 'root@example.org', expectedVersion: 0, op: 'put', body: { roles: ['admin'] } },
    ]);
    return await person(store, 'root');
  } finally {
    await store.close();
  }
}

async function person(store: Store, name: string): Promise<Person> {
  const nowMs = Date.now();
  const { secret } = await makeToken(
    store,
    {
      name: 'journey',
      owner: { kind: 'user', name: `${name}@example.org` },
      expiresAtMs: nowMs + 86_400_000,
      by: 'local:journey',
    },
    nowMs,
  );
  return { token: secret, ask: (...args) => askApi(secret, ...args) };
}

async function askApi(
  token: string,
  port: number,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** The body of an answer that must be a success. */
export async function well(answer: Promise<ApiAnswer>): Promise<ApiAnswer['body']> {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}
