import type { KindName } from '../../kind.ts';
import { kindNamed } from '../../kinds/index.ts';
import type { StoredObject } from '../../store.ts';
import { type Access, openAccess } from './access.ts';
import type { ObjectEdit } from './object-edit.ts';

type Bodies = Readonly<Record<string, object>>;

/** Access by users, service accounts, grants and policies, each by its name and as people write it. */
export function accessOf(world: {
  readonly users?: Bodies;
  readonly serviceAccounts?: Bodies;
  readonly grants?: Bodies;
  readonly policies?: Bodies;
}): Access {
  return openAccess([
    ...stored('user', world.users),
    ...stored('service-account', world.serviceAccounts),
    ...stored('grant', world.grants),
    ...stored('policy', world.policies),
    // What else there is says nothing about access, and releases come without their bodies.
    { kind: 'release', name: 'r', version: 1, revision: 1, body: null },
    ...stored('settings', { updates: {} }),
  ]);
}

function stored(kind: KindName, bodies: Bodies = {}): readonly StoredObject[] {
  return Object.entries(bodies).map(([name, body]) => ({
    kind,
    name,
    version: 1,
    revision: 1,
    body: keptAs(kind, body),
  }));
}

/** A body as the store keeps it. */
export function keptAs(kind: KindName, body: object): unknown {
  return kindNamed(kind)?.schema.parse(body);
}

/** An edit, with the bodies as people write them. */
export function edit(kind: KindName, name: string, before: object | undefined, after: object | undefined): ObjectEdit {
  const kept = (body: object | undefined) => body && keptAs(kind, body);
  return { kind, name, before: kept(before), after: kept(after) };
}
