import { type Condition, expectedCrossing, leavesOf, type Reading, type SignalCondition } from 'sluice';
import type { Change } from '../../change.ts';
import type { Judgement, Known } from '../../judgement.ts';
import { durationMs } from '../../kinds/duration.ts';
import type { SignalBody } from '../../kinds/signal.ts';
import { principalText } from '../../principal.ts';
import type { StoredReading } from '../../signal.ts';
import { mostPerPage } from '../../store.ts';
import { judgeCondition } from '../conditions/judge-condition.ts';
import { readingsFromMs } from '../conditions/readings-from-ms.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { readOwn } from '../readings/read-own.ts';
import { recentReadings } from '../readings/recent-readings.ts';
import type { Desk, Moment } from './desk.ts';
import type { Consented } from './digest-of.ts';
import { countedIn, type RoleState } from './requirements.ts';

/** What is judged: a change with what its condition rests on. */
export type Judged = Consented &
  Pick<Change, 'signOffs' | 'proposer'> &
  Partial<Pick<Change, 'createdAtMs' | 'conditionSinceMs'>>;

/** Of so many readings of a signal and more the older ones are left out. */
const mostReadings = 100_000;

/**
 * Works out a condition, all of it, from what the store holds and the time. Our own counters are read now.
 * @param backToMs since when it is to be said whether something has held, where that alters nothing else
 */
export async function judge(
  desk: Moment,
  change: Judged,
  roles: readonly RoleState[],
  backToMs: number = desk.nowMs,
): Promise<Judgement> {
  const known = await knownOf(desk, change, roles, backToMs);
  const judgement = judgeCondition(change.condition, known);
  // What has come true needs no forecast, for which more has to be read.
  if (judgement.truth === 'true') return judgement;
  return judgeCondition(change.condition, { ...known, forecast: await forecastOf(desk, change.condition) });
}

async function forecastOf(desk: Moment, condition: Condition): Promise<NonNullable<Known['forecast']>> {
  const recent = new Map<string, readonly Reading[]>();
  for (const leaf of leavesOf(condition)) {
    const key = 'signal' in leaf ? signalKey(leaf.signal) : undefined;
    if ('signal' in leaf && key !== undefined && !recent.has(key)) {
      recent.set(key, await recentReadings(desk, leaf.signal));
    }
  }
  return (signal, readings) =>
    expectedCrossing([...(recent.get(signalKey(signal)) ?? []), ...readings.slice(-1)], signal)?.atMs;
}

async function knownOf(desk: Moment, change: Judged, roles: readonly RoleState[], backToMs: number): Promise<Known> {
  const { nowMs } = desk;
  const sinceMs = sinceOf(change, nowMs);
  const others = new Map<number, ReturnType<Known['change']>>();
  const wanted = new Map<string, Wanted>();
  for (const leaf of leavesOf(change.condition)) {
    if ('change' in leaf && !others.has(leaf.change.id)) {
      const other = await desk.tx.change(leaf.change.id);
      others.set(leaf.change.id, other && { state: other.state, sinceMs: other.end?.atMs ?? other.updatedAtMs });
    }
    if ('signal' in leaf) {
      const { signal } = leaf;
      const key = signalKey(signal);
      const fromMs = readingsFromMs(signal, Math.min(nowMs, backToMs), sinceMs, everyMsOf(desk, signal));
      wanted.set(key, { signal, fromMs: Math.min(fromMs, wanted.get(key)?.fromMs ?? fromMs) });
    }
  }
  // However many parts compare a signal, it is read once.
  const readings = new Map<string, readonly Reading[]>();
  for (const [key, one] of wanted) readings.set(key, (await readingsOf(desk, key, one)).map(withoutSource));
  return {
    nowMs,
    sinceMs,
    approvals: (role) => {
      const own = roles.find((one) => one.role === role)?.ownSignOff ?? false;
      return countedIn(desk, change, role, own).length;
    },
    change: (id) => others.get(id),
    readings: (signal) => readings.get(signalKey(signal)) ?? [],
    everyMs: (signal) => everyMsOf(desk, signal),
  };
}

/** Since when a condition is what it is; what is only proposed just now has no past. */
function sinceOf({ conditionSinceMs, createdAtMs }: Judged, nowMs: number): number {
  return conditionSinceMs ?? createdAtMs ?? nowMs;
}

function everyMsOf({ current }: Moment, { name }: SignalCondition): number | undefined {
  const object = name === undefined ? undefined : current.get('signal', name);
  return object === undefined ? undefined : durationMs((object.body as SignalBody).every);
}

/** Which readings of a signal are looked at. */
interface Wanted {
  readonly signal: SignalCondition;
  readonly fromMs: number;
}

/** The oldest first. What we read ourselves just now counts for more than what was read of the same time or a later one. */
async function readingsOf(desk: Moment, key: string, { signal, fromMs }: Wanted): Promise<readonly Reading[]> {
  if (signal.name !== undefined) return outsideReadings(desk, key, signal.name, fromMs);
  const stored = await storedReadings(desk, key, fromMs);
  const own = await readOwn(desk, signal);
  return [...stored.filter(({ asOfMs }) => asOfMs < own.asOfMs), own];
}

function withoutSource({ asOfMs, value, note }: Reading): Reading {
  return { asOfMs, note, ...(value !== undefined && { value }) };
}

/** Without its object a signal is nothing that somebody has agreed to, and what was read before it was altered is of another one. */
async function outsideReadings(desk: Moment, key: string, name: string, fromMs: number): Promise<readonly Reading[]> {
  const object = desk.current.get('signal', name);
  if (object === undefined) return [];
  const stored = await storedReadings(desk, key, fromMs);
  if (object.version === 1) return stored;
  const [newest] = await desk.tx.history('signal', name);
  return stored.filter(({ atMs }) => newest !== undefined && atMs >= newest.atMs);
}

async function storedReadings({ tx }: Moment, signal: string, fromMs: number): Promise<readonly StoredReading[]> {
  const pages: StoredReading[] = [];
  for (let beforeMs = Number.MAX_SAFE_INTEGER; pages.length < mostReadings; ) {
    const page = await tx.readings({ signal, fromMs: Math.floor(fromMs), beforeMs, limit: mostPerPage });
    pages.push(...page);
    beforeMs = page.at(-1)?.asOfMs ?? beforeMs;
    if (page.length < mostPerPage) break;
  }
  return pages.reverse();
}

/** Whether a change is its proposer's own. */
export function isProposer({ caller }: Pick<Desk, 'caller'>, { proposer }: Pick<Change, 'proposer'>): boolean {
  return principalText(caller.principal) === proposer;
}
