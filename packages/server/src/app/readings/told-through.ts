import type { CountSource } from '../../count.ts';

/** How long a node or an edge may be silent before it is taken for dead. */
const deadAfterMs = 15 * 60_000;
/** How far behind is worth a word. */
const lateMs = 60_000;
/** How long it is told that one was taken for dead. */
const rememberedMs = 24 * 3_600_000;

/** How far all have told what they counted. */
export interface ToldThrough {
  readonly throughMs: number | undefined;
  /** What is to be thought of it, where there is something. */
  readonly trouble?: string;
}

/**
 * How far all nodes and edges have told what they counted. One that is silent holds the others back, so that a reading gets
 * old rather than wrong; but not for good, as whoever was killed never says that nothing more will come.
 */
export function toldThrough(told: readonly CountSource[], nowMs: number): ToldThrough {
  if (told.length === 0) return { throughMs: undefined, trouble: 'no node has told of any counts yet' };
  const sources = told.map(plausible);
  const open = sources.filter(({ ended }) => !ended);
  const [dead, alive] = [open.filter(isDead), open.filter((source) => !isDead(source))];
  const slowest = alive.reduce<CountSource | undefined>(
    (least, source) => (least === undefined || source.throughMs < least.throughMs ? source : least),
    undefined,
  );
  // Where nobody counts any more, it stays at what was counted last.
  const reached = slowest?.throughMs ?? Math.max(...sources.map(({ throughMs }) => throughMs));
  const troubles = [
    slowest !== undefined && slowest.throughMs < nowMs - lateMs && heldBack(slowest),
    slowest === undefined && 'no node counts any more',
    ...dead.filter(({ seenAtMs }) => seenAtMs > nowMs - rememberedMs).map(takenForDead),
  ].filter((trouble) => trouble !== false);
  // Our own clock may have been ahead, too.
  return { throughMs: Math.min(reached, nowMs), ...(troubles.length > 0 && { trouble: shortened(troubles) }) };

  function isDead({ seenAtMs }: CountSource): boolean {
    return seenAtMs < nowMs - deadAfterMs;
  }
}

/** Nobody can tell what comes after they were last heard of: a clock that is ahead does not make counts newer. */
function plausible(source: CountSource): CountSource {
  return { ...source, throughMs: Math.min(source.throughMs, source.seenAtMs) };
}

function heldBack({ source, throughMs, seenAtMs }: CountSource): string {
  return `held back by ${source}, which has told its counts up to ${instant(throughMs)} and was last heard of at ${instant(seenAtMs)}`;
}

function takenForDead({ source, seenAtMs }: CountSource): string {
  return `${source} is silent since ${instant(seenAtMs)} and taken for dead`;
}

function shortened(troubles: readonly string[]): string {
  const more = troubles.length > 3 ? `; and ${troubles.length - 3} more` : '';
  return troubles.slice(0, 3).join('; ') + more;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
