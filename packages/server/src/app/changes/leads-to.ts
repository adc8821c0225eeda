import type { KindName } from '../../kind.ts';
import type { PinBody } from '../../kinds/pin.ts';
import type { RuleBody } from '../../kinds/rule.ts';
import type { Lead } from '../access/demands-of.ts';
import type { Moment } from './desk.ts';
import { pendingLeads } from './pending-leads.ts';
import { type PendingLead, partsIn } from './read-pending-leads.ts';
import { bodyAfter } from './work-out.ts';

/** What pending changes would make that names a release. */
export interface PendingNeed {
  readonly kind: KindName;
  readonly name: string;
  readonly change: number;
}

/** How clients come to get releases. */
export interface Leads {
  /** The rules and pins, living and pending, that lead to a release, also by way of superblobs, living and pending. */
  to(release: string): readonly Lead[];
  /** What of pending changes names a release itself. */
  pendingFor(release: string): readonly PendingNeed[];
}

/**
 * Finds what leads to releases. A change does not count as leading to what it edits itself (`except`), nor does one whose
 * time has passed.
 */
export async function leadsTo(moment: Moment, except: number): Promise<Leads> {
  const { tx, current } = moment;
  const objects = [...(await current.withReleases(tx)).values()];
  const pending = await pendingLeads(moment, except);
  const leads: readonly Lead[] = [
    ...objects.filter(({ kind }) => kind === 'rule' || kind === 'pin'),
    ...pending.flatMap((one) => leadIn(moment, one)),
  ];
  const superblobs = [
    ...objects.flatMap(({ kind, name, body }) => (kind === 'release' ? [{ name, parts: partsIn(body) }] : [])),
    ...pending.flatMap((one) => (one.kind === 'release' ? [one] : [])),
  ].filter(({ parts }) => parts.length > 0);
  return {
    to: (release) => {
      const names = new Set([release]);
      for (let size = 0; size !== names.size; ) {
        size = names.size;
        for (const { name, parts } of superblobs) if (parts.some((part) => names.has(part))) names.add(name);
      }
      return leads.filter(({ kind, body }) => namedBy(kind, body).some((name) => names.has(name)));
    },
    pendingFor: (release) =>
      pending.flatMap((one): readonly PendingNeed[] => {
        const { kind, change } = one;
        if (kind === 'release') return one.parts.includes(release) ? [{ kind, name: one.name, change }] : [];
        const names = leadIn(moment, one).flatMap(({ body }) => namedBy(kind, body));
        return names.includes(release) ? [{ kind, name: one.edit.name, change }] : [];
      }),
  };
}

function leadIn({ current }: Pick<Moment, 'current'>, one: PendingLead): readonly Lead[] {
  if (one.kind === 'release') return [];
  const { kind, edit } = one;
  return [{ kind, body: bodyAfter(edit, current.get(kind, edit.name)?.body) }];
}

/** The releases that an object names itself. */
function namedBy(kind: KindName, body: unknown): readonly string[] {
  if (body === undefined || body === null) return [];
  if (kind === 'pin') return [(body as PinBody).release];
  if (kind !== 'rule') return [];
  const { release, fallback } = body as RuleBody;
  return [release, fallback].filter((name) => name !== undefined);
}
