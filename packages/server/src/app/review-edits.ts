import type { KindName } from '../kind.ts';
import type { EmergencyStopBody } from '../kinds/emergency-stop.ts';
import type { PinBody } from '../kinds/pin.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import type { RuleBody } from '../kinds/rule.ts';
import { placeOf } from '../place.ts';
import type { Mistake } from '../problem.ts';
import type { StoredObject, StoreEdit } from '../store.ts';
import { missingRelease } from './missing-release.ts';
import type { After, Doubt, Review, ReviewFinding } from './review.ts';
import { reviewRelease } from './review-release.ts';
import { reviewRule } from './review-rule.ts';
import { reviewStop } from './review-stop.ts';

type PlaceLookup = (
  kind: KindName,
  name: string,
) => { readonly at: string; readonly fieldNames?: Readonly<Record<string, string>> } | undefined;

/** Looks at what edits would make of the whole: references, hosts, conditions that nothing meets. */
export function reviewEdits(current: readonly StoredObject[], edits: readonly StoreEdit[], place: PlaceLookup): Review {
  const after = afterEdits(current, edits);
  const doubts: Doubt[] = [];
  const notes: Mistake[] = [];
  for (const edit of edits) {
    for (const { path, message, code } of reviewEdit(edit, after)) {
      const at = placeOf(place(edit.kind, edit.name) ?? { at: `${edit.kind} ${edit.name}` }, path);
      if (code === undefined) notes.push({ at, message });
      else doubts.push({ at, message, code });
    }
  }
  return { doubts, notes };
}

function reviewEdit(edit: StoreEdit, after: After): readonly ReviewFinding[] {
  if (edit.body === undefined) return edit.kind === 'release' ? stillNeeded(edit.name, after) : [];
  switch (edit.kind) {
    case 'rule':
      return reviewRule(edit.name, edit.body as RuleBody, after);
    case 'release':
      return reviewRelease(edit.name, edit.body as ReleaseBody, after);
    case 'emergency-stop':
      return reviewStop(edit.body as EmergencyStopBody);
    case 'pin':
      return missingRelease((edit.body as PinBody).release, ['release'], after);
    default:
      return [];
  }
}

function stillNeeded(release: string, after: After): readonly ReviewFinding[] {
  const rules = after.all('rule').filter(({ body }) => {
    const rule = body as RuleBody;
    return rule.release === release || rule.fallback === release;
  });
  const pins = after.all('pin').filter(({ body }) => (body as PinBody).release === release);
  const superblobs = after.all('release').filter(({ body }) => {
    const { blob } = body as ReleaseBody;
    return blob.schema_version === 4000 && blob.blobs?.includes(release) === true;
  });
  const users = [
    ...rules.map(({ name }) => `rule ${name}`),
    ...pins.map(({ name }) => `pin ${name}`),
    ...superblobs.map(({ name }) => `release ${name}`),
  ];
  return users.map((user) => ({ path: [], message: `${user} needs it`, code: 'object-in-use' }));
}

function afterEdits(current: readonly StoredObject[], edits: readonly StoreEdit[]): After {
  const kinds = new Map<KindName, Map<string, unknown>>();
  const of = (kind: KindName): Map<string, unknown> => {
    const found = kinds.get(kind) ?? new Map<string, unknown>();
    kinds.set(kind, found);
    return found;
  };
  for (const { kind, name, body } of current) of(kind).set(name, body);
  for (const { kind, name, body } of edits) {
    if (body === undefined) of(kind).delete(name);
    else of(kind).set(name, body);
  }
  return {
    body: (kind, name) => of(kind).get(name),
    all: (kind) => [...of(kind)].map(([name, body]) => ({ name, body })),
  };
}
