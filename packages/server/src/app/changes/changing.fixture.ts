import type { Change, ChangeEdit } from '../../change.ts';
import type { KindName } from '../../kind.ts';
import type { Principal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Store, StoredObject } from '../../store.ts';
import type { Acted } from './acted.ts';
import { followCurrent } from './current.ts';
import { atDesk, type Changing, type Desk } from './desk.ts';
import { findChange } from './find-change.ts';
import { type Proposal, proposeChange } from './propose-change.ts';

/** 2026-11-21T12:00:00Z. */
export const startMs = Date.UTC(2026, 10, 21, 12);

export const operator: Principal = { kind: 'local', name: 'operator' };

export function user(name: string): Principal {
  return { kind: 'user', name: `${name}@example.org` };
}

/** A store in which people make changes, with a clock that stands still until it is set. */
export interface Workshop {
  readonly changing: Changing;
  readonly store: Store;
  setClock(nowMs: number): void;
  as<T>(who: Principal, work: (desk: Desk) => Promise<T>): Promise<T>;
  propose(who: Principal, edits: readonly ChangeEdit[], more?: Partial<Proposal>): Promise<Acted>;
  /** Does something to a change as it is now. */
  act(who: Principal, id: number, verb: (desk: Desk, change: Change) => Promise<Acted>): Promise<Acted>;
  get(kind: KindName, name: string): Promise<StoredObject | undefined>;
  change(id: number): Promise<Change>;
}

export function workshopOver(store: Store, { ownSignals }: Pick<Changing, 'ownSignals'> = {}): Workshop {
  let nowMs = startMs;
  let salts = 0;
  const changing: Changing = {
    store,
    current: followCurrent(),
    nowMs: () => nowMs,
    makeSalt: () => String(++salts).padStart(16, '0'),
    ownSignals,
  };
  const as: Workshop['as'] = (principal, work) => atDesk(changing, { principal }, work);
  return {
    changing,
    store,
    setClock: (next) => {
      nowMs = next;
    },
    as,
    propose: (who, edits, more = {}) =>
      as(who, (desk) =>
        proposeChange(desk, { reason: 'a test', edits, condition: { now: true }, priority: 0, draft: false, ...more }),
      ),
    act: (who, id, verb) => as(who, async (desk) => verb(desk, await findChange(desk.tx, id))),
    get: (kind, name) => store.get(kind, name),
    change: (id) => store.read((view) => findChange(view, id)),
  };
}

/** An edit that makes an object. */
export function made(kind: KindName, name: string, body: object): ChangeEdit {
  return { kind, name, expectedVersion: 0, op: 'put', body };
}

/** An edit that alters some fields. */
export function patched(
  kind: KindName,
  name: string,
  expectedVersion: number,
  patch: Record<string, unknown>,
): ChangeEdit {
  return { kind, name, expectedVersion, op: 'patch', patch };
}

/** The code of the problem that a promise ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof Problem) return error.code;
      throw error;
    },
  );
}

/** A rule of Firefox on release, two people who may sign as `releng`, one as `relman`, one who may edit. */
export async function furnish(workshop: Workshop): Promise<void> {
  const release = {
    product: 'Firefox',
    blob: { schema_version: 50, name: 'Firefox-desupport', detailsUrl: 'https://example.org/', displayVersion: '1' },
  };
  await workshop.propose(operator, [
    made('release', 'Firefox-desupport', release),
    made('rule', '10', {
      priority: 100,
      product: 'Firefox',
      channel: 'release',
      release: 'Firefox-desupport',
      fallback: 'Firefox-desupport',
    }),
    made('user', 'ada@example.org', { roles: ['releng'] }),
    made('user', 'grace@example.org', { roles: ['releng', 'relman'] }),
    made('user', 'mary@example.org', { roles: ['relman'] }),
    made('user', 'eve@example.org', { roles: [] }),
    made('user', 'ed@example.org', { roles: ['editor'] }),
    made('service-account', 'ci', { roles: ['editor', 'releng'] }),
    made('grant', 'editors', {
      role: 'editor',
      actions: ['read', 'create', 'update', 'delete', 'enact', 'stop'],
      products: ['Firefox'],
    }),
    made('grant', 'releng', { role: 'releng', actions: ['read', 'update'], products: ['Firefox'] }),
  ]);
}

/** Has changes to Firefox on release signed by one of releng and one of relman from now on. */
export async function protect(workshop: Workshop): Promise<void> {
  await workshop.propose(operator, [
    made('policy', 'releng', { product: 'Firefox', channel: 'release', role: 'releng', signOffs: 1 }),
    made('policy', 'relman', { product: 'Firefox', channel: 'release', role: 'relman', signOffs: 1 }),
  ]);
}
