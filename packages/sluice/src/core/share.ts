import type { Pause, Ramp, RampPoint, Share } from './model.ts';
import { nobody, nowServing } from './now-serving.ts';

/** A share made ready: gives the now-serving number at a time in milliseconds. */
export type ServingAt = (nowMs: number) => number;

/** The last moment that a `Date` can hold. A point beyond it is never reached, and a line to it never begins. */
const lastMomentMs = 8.64e15;

/** Makes a share ready, so that asking it costs no more than a comparison or two. */
export function servingAt(share: Share): ServingAt {
  if (share.kind === 'percent') {
    const fixed = nowServing(share.percent);
    return () => fixed;
  }
  return rampServingAt(share);
}

function rampServingAt(ramp: Ramp): ServingAt {
  const points = ramp.points
    .filter(({ atMs }) => Math.abs(atMs) <= lastMomentMs)
    .map((point) => ({ ...point, serving: nowServing(point.percent) }));
  const pauses = ramp.pauses ?? [];
  const climb: ServingAt = (nowMs) => servingOnRamp(points, rampTime(pauses, nowMs));
  const { rollback } = ramp;
  if (rollback === undefined) return climb;
  const floor = Math.min(climb(rollback.atMs), nowServing(rollback.percent));
  return (nowMs) => (nowMs >= rollback.atMs ? floor : climb(nowMs));
}

/** The ramp's own clock: it stands still while the ramp is paused. */
function rampTime(pauses: readonly Pause[], nowMs: number): number {
  let paused = 0;
  for (const { fromMs, toMs } of pauses) {
    if (nowMs <= fromMs) break;
    paused += Math.min(nowMs, toMs ?? nowMs) - fromMs;
  }
  return nowMs - paused;
}

type ServingPoint = RampPoint & { readonly serving: number };

function servingOnRamp(points: readonly ServingPoint[], timeMs: number): number {
  let before: ServingPoint | undefined;
  for (const point of points) {
    if (timeMs >= point.atMs) {
      before = point;
      continue;
    }
    if (point.by === 'step' || before === undefined) break;
    return along(before, point, timeMs);
  }
  return before?.serving ?? nobody;
}

/** A line advances in whole seconds and in integers, so that every node and client computes the same number. */
function along(from: ServingPoint, to: ServingPoint, timeMs: number): number {
  const elapsedSeconds = Math.floor((timeMs - from.atMs) / 1000);
  const durationSeconds = Math.floor((to.atMs - from.atMs) / 1000);
  if (elapsedSeconds >= durationSeconds) return to.serving;
  return from.serving + Math.trunc(((to.serving - from.serving) * elapsedSeconds) / durationSeconds);
}

/** Stops the ramp's clock at `nowMs`; it keeps the value it has. A ramp that is paused already stays as it is. */
export function pauseRamp(ramp: Ramp, nowMs: number): Ramp {
  const pauses = ramp.pauses ?? [];
  if (pauses.some((pause) => pause.toMs === undefined)) return ramp;
  // Clocks of two nodes may disagree, and pauses must not overlap.
  const fromMs = Math.max(nowMs, pauses.at(-1)?.toMs ?? nowMs);
  return { ...ramp, pauses: [...pauses, { fromMs }] };
}

/** Lets a paused ramp go on from where it stood; all that is still to come happens later by the length of the pause. */
export function resumeRamp(ramp: Ramp, nowMs: number): Ramp {
  const pauses = (ramp.pauses ?? []).map((pause) =>
    pause.toMs === undefined ? { ...pause, toMs: Math.max(nowMs, pause.fromMs) } : pause,
  );
  return { ...ramp, pauses };
}

/** Ends the ramp at `percent`, or where it stands if that is lower: who was admitted last leaves first. */
export function rollBackRamp(ramp: Ramp, nowMs: number, percent: number): Ramp {
  const { rollback } = ramp;
  if (rollback === undefined || rollback.atMs > nowMs) return { ...ramp, rollback: { atMs: nowMs, percent } };
  return { ...ramp, rollback: { atMs: rollback.atMs, percent: Math.min(rollback.percent, percent) } };
}
