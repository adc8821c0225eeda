import type { Condition } from 'sluice';
import { z } from 'zod';
import { duration } from '../../kinds/duration.ts';
import { roleName } from '../../kinds/role-name.ts';
import { momentMs } from './moment-ms.ts';
import { signal } from './signal-schema.ts';
import { cron, hours } from './window-schemas.ts';
import { zone } from './zone-schema.ts';

/** How deep a condition may be, and how many nodes it may have. */
const maxDepth = 20;
const maxNodes = 200;

const withOffset = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;

const time = z
  .strictObject({ after: z.string().max(50).optional(), before: z.string().max(50).optional(), zone: zone.optional() })
  .superRefine(({ after, before, zone: at }, context) => {
    const fault = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (after === undefined && before === undefined) fault([], 'a time needs after or before, or both');
    const [from, to] = [after, before].map((text, i) => {
      if (text === undefined) return undefined;
      const found = (at === undefined ? withOffset : local).test(text) ? momentMs(text, at) : Number.NaN;
      if (Number.isNaN(found)) fault([i === 0 ? 'after' : 'before'], form(at));
      return found;
    });
    if (from !== undefined && to !== undefined && from >= to) fault(['before'], 'before must be later than after');
  });

const approval = z.strictObject({ role: roleName, count: z.int().min(1).max(100) });

const change = z.strictObject({
  id: z.int().min(1),
  state: z.enum(['enacted', 'vetoed', 'failed']),
  for: duration({ leastMs: 1000, mostMs: 366 * 86_400_000 }).optional(),
});

const parts = z.array(z.lazy(() => node)).min(1);

const node: z.ZodType<Condition> = z
  .strictObject({
    now: z.literal(true).optional(),
    all: parts.optional(),
    any: parts.optional(),
    not: z.lazy(() => node).optional(),
    time: time.optional(),
    approval: approval.optional(),
    change: change.optional(),
    signal: signal.optional(),
    hours: hours.optional(),
    cron: cron.optional(),
  })
  .refine(
    (said) => Object.values(said).filter((one) => one !== undefined).length === 1,
    'a condition is exactly one of now, all, any, not, time, approval, change, signal, hours and cron',
  ) as unknown as z.ZodType<Condition>;

/** A condition as people write it. It stays as it was written. */
export const conditionSchema = z.preprocess((value, context) => {
  const fault = sizeFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  return fault === undefined ? value : z.NEVER;
}, node);

/** Looked at before anything is parsed, and without recursion: a tree may be of any depth. */
function sizeFault(value: unknown): string | undefined {
  let level: readonly unknown[] = [value];
  for (let depth = 1, nodes = 0; level.length > 0; depth += 1) {
    nodes += level.length;
    if (depth > maxDepth) return `a condition may be ${maxDepth} levels deep at most`;
    if (nodes > maxNodes) return `a condition may have ${maxNodes} parts at most`;
    level = level.flatMap(childrenOf);
  }
  return undefined;
}

function childrenOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const { all, any, not } = value as Readonly<Record<string, unknown>>;
  return [...(Array.isArray(all) ? all : []), ...(Array.isArray(any) ? any : []), ...(not === undefined ? [] : [not])];
}

function form(at: string | undefined): string {
  return at === undefined
    ? 'a moment with its offset, such as 2026-12-01T10:00:00Z; or give a zone'
    : 'a local time without an offset, such as 2026-12-01T10:00, as there is a zone';
}
