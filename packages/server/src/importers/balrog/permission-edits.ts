import { isDeepStrictEqual } from 'node:util';
import type { ImportedEdit, ImportedObject } from '../../importer.ts';
import type { Mistake } from '../../problem.ts';
import type { RowAt } from './read-table.ts';
import type { PermissionRow, RoleRow, ScheduledRow } from './rows.ts';
import { toPeople } from './to-people.ts';

/** Who is there before a permission changes. */
export interface Around {
  /** Absent where the bundle does not tell of them. */
  readonly permissions: readonly RowAt<PermissionRow>[] | undefined;
  readonly roles: readonly RowAt<RoleRow>[];
}

/**
 * What becomes of somebody's account and grants when one of their permissions is altered. Who has none left is not known to
 * Balrog any more and loses their roles.
 */
export function permissionEdits(
  scheduled: RowAt<PermissionRow>,
  type: ScheduledRow['change_type'],
  { permissions, roles }: Around,
): { readonly edits: readonly ImportedEdit[]; readonly warnings: readonly Mistake[] } {
  const { row, at } = scheduled;
  if (permissions === undefined) {
    const message = 'not taken: without the table permissions it cannot be told what it alters';
    return { edits: [], warnings: [{ at, message }] };
  }
  const own = permissions.filter((one) => one.row.username === row.username);
  const ownRoles = roles.filter((one) => one.row.username === row.username);
  const others = own.filter((one) => one.row.permission !== row.permission);
  const left = type === 'delete' ? others : [...others, scheduled];
  const before = toPeople(own, ownRoles);
  const after = toPeople(left, left.length === 0 ? [] : ownRoles);
  return {
    edits: editsBetween(before.objects, after.objects, at),
    warnings: after.warnings.filter((warning) => warning.at.startsWith(at)),
  };
}

function editsBetween(
  before: readonly ImportedObject[],
  after: readonly ImportedObject[],
  at: string,
): readonly ImportedEdit[] {
  const twinOf = ({ kind, name }: ImportedObject, among: readonly ImportedObject[]) =>
    among.find((one) => one.kind === kind && one.name === name);
  const written = after.flatMap((object): readonly ImportedEdit[] => {
    const twin = twinOf(object, before);
    if (twin !== undefined && isDeepStrictEqual(twin.body, object.body)) return [];
    return [{ ...object, at, isThere: twin !== undefined }];
  });
  const gone = before.filter((object) => twinOf(object, after) === undefined);
  return [...written, ...gone.map((object) => ({ ...object, body: undefined, at, isThere: true }))];
}
