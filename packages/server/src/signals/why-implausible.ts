import type { TelemetryEvent } from 'sluice';
import type { CountQuery } from '../count.ts';
import type { Counted } from '../signal.ts';
import { checkPlanOf } from './check-plan.ts';
import type { Window } from './over-window.ts';
import { toldDuration } from './told-duration.ts';

/** What is reported, and where. */
export interface Reported extends Pick<CountQuery, 'product' | 'channel' | 'version'> {
  readonly event: TelemetryEvent;
}

const dayMs = 86_400_000;
/** An update is offered again as long as it is not installed, so older offers have hardly a say. */
const offersCountMs = 7 * dayMs;
/** Not every install checks, and clocks differ. */
const slack = { times: 1.5, more: 100 } as const;

/**
 * Why what clients report in a window cannot be so, by what we counted ourselves: whoever has a client key could report
 * anything. `undefined` where it can be so, or nobody knows, for caches may have answered for us.
 */
export async function whyImplausible(
  counted: Counted,
  { event, ...place }: Reported,
  window: Window,
): Promise<string | undefined> {
  if (event === 'failed') return undefined;
  const { toMs } = window;
  const bound = await (event === 'crashed-today' ? activeOf : event === 'installed' ? offeredTo : checkedBy)(
    counted,
    place,
    window,
  );
  if (bound === undefined) return undefined;
  const reports = await counted.sum({ ...place, events: [event], fromMs: window.fromMs, toMs });
  if (reports <= bound.most) return undefined;
  return `${reports} reports of ${event} are more than can be: ${bound.why}`;
}

/** How many reports there can be. */
interface Bound {
  readonly most: number;
  readonly why: string;
}

type FindBound = (counted: Counted, place: Omit<Reported, 'event'>, window: Window) => Promise<Bound | undefined>;

/** Who crashes is active. Where nobody says that they are active, nothing can be said. */
const activeOf: FindBound = async (counted, place, { fromMs, toMs }) => {
  const active = await counted.sum({ ...place, events: ['active-today'], fromMs: atLeast(fromMs, toMs, dayMs), toMs });
  return active === 0 ? undefined : { most: active, why: `${active} were reported to be active` };
};

/** Who installs an update was offered one; which release makes which version is not counted. */
const offeredTo: FindBound = async (counted, { product, channel }, window) => {
  const { toMs } = window;
  const fromMs = Math.max(0, window.fromMs - offersCountMs);
  const plan = await checkPlanOf(counted, product);
  if (plan === undefined || plan.sinceMs > fromMs) return undefined;
  const all = { product, channel, fromMs, toMs };
  const offers = await counted.sum({ ...all, events: ['check', 'forced-check'], offered: true });
  const mixed = await counted.sum({ ...all, events: ['uncounted'] });
  return { most: (offers + mixed) * slack.times + slack.more, why: `${offers} updates were offered` };
};

/** Who is active on a day checks on it, or as seldom as its product does. */
const checkedBy: FindBound = async (counted, { version, ...place }, window) => {
  const plan = await checkPlanOf(counted, place.product);
  if (plan === undefined) return undefined;
  const { toMs } = window;
  const fromMs = atLeast(window.fromMs, toMs, Math.max(dayMs, plan.intervalMs));
  if (plan.sinceMs > fromMs) return undefined;
  const checks = await counted.sum({ ...place, version, events: ['check', 'forced-check'], fromMs, toMs });
  const mixed = await counted.sum({ ...place, events: ['uncounted'], fromMs, toMs });
  const days = Math.max(1, plan.intervalMs / dayMs);
  return {
    most: (checks + mixed) * days * slack.times + slack.more,
    why: `${checks} update checks came in ${toldDuration(toMs - fromMs)}`,
  };
};

/** The beginning of a window that is made as long as this where it is shorter. */
function atLeast(fromMs: number, toMs: number, leastMs: number): number {
  return Math.max(0, Math.min(fromMs, toMs - leastMs));
}
