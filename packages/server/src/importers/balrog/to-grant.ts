import type { ImportedObject } from '../../importer.ts';
import type { KindName } from '../../kind.ts';
import { type Action, actions as allActions } from '../../permission.ts';
import { placeOf } from '../../place.ts';
import type { Mistake } from '../../problem.ts';
import type { RowAt } from './read-table.ts';
import type { PermissionRow } from './rows.ts';

/** Whom rows are about, as we call them. */
export interface Account {
  readonly kind: 'user' | 'service-account';
  readonly name: string;
}

/** What becomes of a row of permissions. */
export interface GrantedRow {
  /** Absent where the row is about a role of ours, or grants nothing that there is here. */
  readonly grant?: ImportedObject;
  /** Whether it is the unlimited `admin`, which is a role here. */
  readonly isAdmin: boolean;
  readonly warnings: readonly Mistake[];
}

/** What a permission of Balrog's is here: for which kinds, and what its actions are called. */
interface Meaning {
  readonly kinds?: readonly KindName[];
  readonly actions: Readonly<Record<string, Action>>;
}

const writing = { create: 'create', modify: 'update', delete: 'delete' } as const;

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['rule', { kinds: ['rule'], actions: writing }],
  ['release', { kinds: ['release'], actions: writing }],
  // Who may create one may stop, which is another action here and needs nobody's sign-off.
  ['emergency_shutoff', { kinds: ['emergency-stop'], actions: { create: 'stop', modify: 'update', delete: 'delete' } }],
  ['pinnable_release', { kinds: ['pin'], actions: writing }],
  ['required_signoff', { kinds: ['policy'], actions: writing }],
  ['permission', { kinds: ['user', 'grant'], actions: { ...writing, view: 'read' } }],
  ['scheduled_change', { actions: { enact: 'enact' } }],
]);

/** Makes a grant of a permission. Lists that are empty limit nothing, as in Balrog. */
export function toGrant(account: Account, { row, at }: RowAt<PermissionRow>): GrantedRow {
  const { permission } = row;
  const { products, actions, ...others } = row.options ?? {};
  const warnings: Mistake[] = Object.keys(others).map((key) => ({
    at: placeOf({ at }, ['options', key]),
    message: 'nobody reads this key',
  }));
  const limited = products !== undefined && products !== null && products.length > 0 ? { products } : {};
  const granted = (allowed: readonly Action[], kinds?: readonly KindName[]): ImportedObject => ({
    kind: 'grant',
    name: `${account.name}/${permission}`,
    body: {
      ...(account.kind === 'user' ? { user: account.name } : { serviceAccount: account.name }),
      actions: allowed,
      ...(kinds !== undefined && { kinds }),
      ...limited,
    },
    at,
    fieldNames: { user: 'username', serviceAccount: 'username', products: 'options.products' },
  });
  if (permission === 'admin') {
    return 'products' in limited
      ? { grant: granted(allActions), isAdmin: false, warnings }
      : { isAdmin: true, warnings };
  }
  const meaning = meanings.get(permission);
  if (meaning === undefined) {
    const message = `not taken: ${permission} has no counterpart here`;
    return { isAdmin: false, warnings: [...warnings, { at, message }] };
  }
  const asked =
    actions !== undefined && actions !== null && actions.length > 0 ? actions : Object.keys(meaning.actions);
  const unknown = asked.filter((action) => !Object.hasOwn(meaning.actions, action));
  const known = asked.flatMap((action) => (unknown.includes(action) ? [] : (meaning.actions[action] ?? [])));
  warnings.push(
    ...unknown.map((action) => ({ at, message: `not taken: ${permission} to ${action} has no counterpart here` })),
  );
  return { isAdmin: false, warnings, ...(known.length > 0 && { grant: granted([...new Set(known)], meaning.kinds) }) };
}
