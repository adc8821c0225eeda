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
import { reviewAccess } from './review-access.ts';
import { reviewRelease } from './review-release.ts';
import { reviewRule } from './review-rule.ts';
import { reviewRules } from './review-rules.ts';
import { reviewStop } from './review-stop.ts';

type PlaceLookup = (
  kind: KindName,
  name: string,
) => { readonly at: string; readonly fieldNames?: Readonly<Record<string, string>> } | undefined;

/** Looks at what edits would make of the whole: references, hosts, conditions that nothing meets. */
export function reviewEdits(current: readonly StoredObject[], edits: readonly StoreEdit[], place: PlaceLookup): Review {
  const after = afterEdits(current, edits);
  const before = bodiesBefore(current, edits);
  const edited = new Set(edits.filter(({ kind }) => kind === 'rule').map(({ name }) => name));
  const doubts: Doubt[] = [];
  const notes: Mistake[] = [];
  for (const edit of edits) {
    for (const { path, message, code, isFirm } of reviewEdit(edit, before.get(edit), after, edited)) {
      const at = placeOf(place(edit.kind, edit.name) ?? { at: `${edit.kind} ${edit.name}` }, path);
      if (code === undefined) notes.push({ at, message });
      else doubts.push({ at, message, code, ...(isFirm && { isFirm }) });
    }
  }
  return { doubts, notes };
}

function reviewEdit(
  edit: StoreEdit,
  before: unknown,
  after: After,
  edited: ReadonlySet<string>,
): readonly ReviewFinding[] {
  const { kind, name, body } = edit;
  if (kind === 'policy' || kind === 'grant' || kind === 'user' || kind === 'service-account') {
    return reviewAccess({ kind, name, before, body }, after);
  }
  if (body === undefined) return kind === 'release' ? stillNeeded(name, after) : [];
  switch (kind) {
    case 'rule':
      return [...reviewRule(name, body as RuleBody, after), ...reviewRules(name, body as RuleBody, after, edited)];
    case 'release':
      return reviewRelease(name, body as ReleaseBody, after);
    case 'emergency-stop':
      return reviewStop(body as EmergencyStopBody);
    case 'pin':
      return missingRelease((body as PinBody).release, ['release'], after);
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

/** What was there of the few objects whose past matters. */
function bodiesBefore(current: readonly StoredObject[], edits: readonly StoreEdit[]): ReadonlyMap<StoreEdit, unknown> {
  const accounts = new Map(edits.flatMap((edit) => (edit.kind === 'user' ? [[edit.name, edit] as const] : [])));
  if (accounts.size === 0) return new Map();
  return new Map(
    current.flatMap(({ kind, name, body }) => {
      const edit = kind === 'user' ? accounts.get(name) : undefined;
      return edit === undefined ? [] : [[edit, body] as const];
    }),
  );
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
