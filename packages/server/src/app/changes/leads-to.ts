import type { KindName } from '../../kind.ts';
import type { PinBody } from '../../kinds/pin.ts';
import type { ReleaseBody } from '../../kinds/release.ts';
import type { RuleBody } from '../../kinds/rule.ts';
import type { StoredObject } from '../../store.ts';
import type { Lead } from '../access/demands-of.ts';
import type { Moment } from './desk.ts';
import { isPast } from './due-time.ts';
import { bodyAfter } from './work-out.ts';

/** Something by which clients get a release: a rule or a pin, living or to come. */
export interface NamedLead extends Lead {
  readonly name: string;
  /** The pending change that would make it, where it does not live yet. */
  readonly change?: number;
}

/**
 * Finds the rules and pins, living and pending, that lead to a release, also by way of superblobs. A change does not
 * count as leading to what it edits itself (`except`), nor does one whose time has passed.
 */
export async function leadsTo(
  { tx, current, nowMs }: Moment,
  except: number,
): Promise<(release: string) => readonly NamedLead[]> {
  const objects = await current.withReleases(tx);
  const pending = await pendingLeads({ tx, current, nowMs }, except);
  const living = [...objects.values()].filter(({ kind }) => kind === 'rule' || kind === 'pin');
  const leads: readonly NamedLead[] = [...living, ...pending];
  const superblobs = [...objects.values()].flatMap((object) => partsOf(object));
  return (release) => {
    const names = new Set([release]);
    for (let size = 0; size !== names.size; ) {
      size = names.size;
      for (const { name, parts } of superblobs) if (parts.some((part) => names.has(part))) names.add(name);
    }
    return leads.filter(({ kind, body }) => namedBy(kind, body).some((name) => names.has(name)));
  };
}

/** The releases that an object names itself. */
export function namedBy(kind: KindName, body: unknown): readonly string[] {
  if (body === undefined || body === null) return [];
  if (kind === 'pin') return [(body as PinBody).release];
  if (kind !== 'rule') return [];
  const { release, fallback } = body as RuleBody;
  return [release, fallback].filter((name) => name !== undefined);
}

function partsOf({
  kind,
  name,
  body,
}: StoredObject): readonly { readonly name: string; readonly parts: readonly string[] }[] {
  if (kind !== 'release') return [];
  const { blobs } = (body as ReleaseBody).blob as { readonly blobs?: unknown };
  return Array.isArray(blobs) ? [{ name, parts: blobs.filter((part) => typeof part === 'string') }] : [];
}

/** What pending changes would make of rules and pins. */
async function pendingLeads({ tx, current, nowMs }: Moment, except: number): Promise<readonly NamedLead[]> {
  const leads: NamedLead[] = [];
  for (const kind of ['rule', 'pin'] as const) {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = await tx.changes({ states: ['pending'], kind, before, limit: 500 });
      for (const { id, condition } of page) {
        before = id;
        if (id === except || isPast(condition, nowMs)) continue;
        for (const edit of (await tx.change(id))?.edits ?? []) {
          if (edit.kind !== kind) continue;
          leads.push({ kind, name: edit.name, body: bodyAfter(edit, current.get(kind, edit.name)?.body), change: id });
        }
      }
      if (page.length < 500) break;
    }
  }
  return leads;
}
