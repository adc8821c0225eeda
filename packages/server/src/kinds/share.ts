import type { Pause, Ramp, RampPoint, Share } from 'sluice';
import { z } from 'zod';
import { moment, percent } from './fields.ts';

const tenYearsMs = 10 * 366 * 24 * 3600 * 1000;

const ramp = z
  .strictObject({
    kind: z.literal('ramp'),
    points: z.array(z.strictObject({ at: moment, percent, by: z.enum(['step', 'line']).default('step') })).min(1),
    pauses: z.array(z.strictObject({ from: moment, to: moment.optional() })).optional(),
    rollback: z.strictObject({ at: moment, percent }).optional(),
  })
  .superRefine(({ points, pauses = [] }, context) => {
    const times = points.map(({ at }) => Date.parse(at));
    for (const [index, time] of times.entries()) {
      const before = times[index - 1];
      if (before === undefined) {
        if (points[index]?.by === 'line') fault(['points', 0, 'by'], 'a line needs a point to begin from');
        continue;
      }
      if (time <= before) fault(['points', index, 'at'], 'points must be in order of time');
      if (time - before > tenYearsMs) fault(['points', index, 'at'], 'points may be ten years apart at most');
    }
    for (const [index, { from, to }] of pauses.entries()) {
      const before = pauses[index - 1];
      if (before !== undefined && (before.to === undefined || Date.parse(from) < Date.parse(before.to))) {
        fault(['pauses', index, 'from'], 'pauses must be in order and must not overlap');
      }
      if (to !== undefined && Date.parse(to) < Date.parse(from))
        fault(['pauses', index, 'to'], 'a pause ends after it begins');
    }
    function fault(path: (string | number)[], message: string): void {
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** A share as people write it: a plain percentage, or a ramp whose moments are RFC 3339. */
export const share = z.preprocess(
  (value) => (typeof value === 'number' ? { kind: 'percent', percent: value } : value),
  z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('percent'), percent }), ramp]),
);

export type ShareBody = z.output<typeof share>;

/** The share with its moments as milliseconds. */
export function toShare(body: ShareBody): Share {
  if (body.kind === 'percent') return body;
  const points: readonly RampPoint[] = body.points.map(({ at, ...point }) => ({ ...point, atMs: Date.parse(at) }));
  const pauses: readonly Pause[] | undefined = body.pauses?.map(({ from, to }) => ({
    fromMs: Date.parse(from),
    ...(to !== undefined && { toMs: Date.parse(to) }),
  }));
  const made: Ramp = {
    kind: 'ramp',
    points,
    ...(pauses !== undefined && { pauses }),
    ...(body.rollback !== undefined && {
      rollback: { atMs: Date.parse(body.rollback.at), percent: body.rollback.percent },
    }),
  };
  return made;
}
