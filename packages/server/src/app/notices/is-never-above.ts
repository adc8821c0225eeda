import { isDeepStrictEqual } from 'node:util';
import { type Ramp, servingAt } from 'sluice';
import { type ShareBody, toShare } from '../../kinds/share.ts';

/** More than these are not looked at, as a ramp may have as many points and pauses as its author likes. */
const mostMoments = 500;

/** Whether a share admits, at every time, no more than another does. Of what takes long to tell it says no. */
export function isNeverAbove(share: ShareBody, other: ShareBody): boolean {
  if ((share.kind === 'percent' && share.percent === 0) || isDeepStrictEqual(share, other)) return true;
  const [one, two] = [toShare(share), toShare(other)];
  const [servingOne, servingTwo] = [servingAt(one), servingAt(two)];
  const turns = [one, two].flatMap((each) => (each.kind === 'ramp' ? turnsOf(each) : []));
  if (turns.length > mostMoments) return false;
  // Between two turns both are straight, so that the ends tell of all between; at a turn there may be a step.
  const moments = [0, ...turns.flatMap((atMs) => [atMs - 1, atMs, atMs + 1])];
  return moments.every((atMs) => servingOne(atMs) <= servingTwo(atMs));
}

/** All the moments at which a ramp may bend, jump, stand still or go on; some at which it does not. */
function turnsOf({ points, pauses = [], rollback }: Ramp): readonly number[] {
  if (points.length * (pauses.length + 1) > mostMoments) return Array.from({ length: mostMoments + 1 }, () => 0);
  // What comes after a pause comes later by its length.
  const delays = [0];
  for (const { fromMs, toMs } of pauses) if (toMs !== undefined) delays.push((delays.at(-1) ?? 0) + toMs - fromMs);
  return [
    ...points.flatMap(({ atMs }) => delays.map((delay) => atMs + delay)),
    ...pauses.flatMap(({ fromMs, toMs }) => (toMs === undefined ? [fromMs] : [fromMs, toMs])),
    ...(rollback === undefined ? [] : [rollback.atMs]),
  ];
}
