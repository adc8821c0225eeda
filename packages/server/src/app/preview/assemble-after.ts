import { compile, type Release } from 'sluice';
import type { KindName } from '../../kind.ts';
import { noMark } from '../../snapshot/manifest.ts';
import type { StoredObject, StoreEdit } from '../../store.ts';
import type { Assembled } from '../assemble-snapshot.ts';
import { toConfiguration } from '../load-configuration.ts';
import { keyOf } from '../prepare-edits.ts';

/** What a process would answer from if edits were enacted, and in how far answers must be held against each other. */
export interface After extends Pick<Assembled, 'snapshot' | 'readRelease'> {
  /** The releases that the edits write or delete. */
  readonly releases: ReadonlySet<string>;
  /** Whether every answer may be written otherwise although the decision is the same: other hosts, other settings. */
  readonly rewrites: boolean;
  /** Whether a request that meets the same rule may get something else: other releases, other pins. */
  readonly reaches: boolean;
}

const rewriting: readonly KindName[] = ['file-host', 'settings'];
const reaching: readonly KindName[] = ['release', 'pin', ...rewriting];

/**
 * Compiles what edits would make of what is served, beside it. Whatever they leave alone is taken over.
 *
 * @param objects all that is served, as its manifest has it: releases are read by `before` and by the edits
 * @throws Problem `store-corrupt` where an edit holds what cannot be compiled, which `prepareEdits` does not let through
 */
export function assembleAfter(
  before: Pick<Assembled, 'snapshot' | 'readRelease'>,
  objects: readonly StoredObject[],
  edits: readonly StoreEdit[],
): After {
  const revision = before.snapshot.revision + 1;
  const living = new Map(objects.map((object) => [keyOf(object.kind, object.name), object]));
  const releases = new Map<string, Release | undefined>();
  for (const { kind, name, body } of edits) {
    const key = keyOf(kind, name);
    const object = { kind, name, version: (living.get(key)?.version ?? 0) + 1, revision, body };
    if (body === undefined) living.delete(key);
    else living.set(key, object);
    if (kind === 'release') releases.set(name, body === undefined ? undefined : releaseOf(object));
  }
  const configured = [...living.values()].filter(({ kind }) => kind !== 'release');
  return {
    snapshot: compile(toConfiguration(revision, configured), before.snapshot),
    readRelease: (name, part) => (releases.has(name) ? releases.get(name) : before.readRelease(name, part)),
    releases: new Set(releases.keys()),
    rewrites: edits.some(({ kind }) => rewriting.includes(kind)),
    reaches: edits.some(({ kind }) => reaching.includes(kind)),
  };
}

function releaseOf(object: StoredObject): Release | undefined {
  return toConfiguration(noMark.revision, [object]).releases[0]?.value;
}
