import type { ChangeSummary } from '../../change.ts';
import type { NotifierBody } from '../../kinds/notifier.ts';
import type { Reach } from '../../reach.ts';
import { covers } from '../access/covers.ts';
import { placesOverlap } from '../access/places-overlap.ts';
import type { Current } from '../changes/current.ts';

/** A notifier as it is configured. */
export interface NamedNotifier<Body extends NotifierBody = NotifierBody> {
  readonly name: string;
  readonly version: number;
  readonly body: Body;
}

/** One that sends something. */
export type SendingNotifier = NamedNotifier<Exclude<NotifierBody, { readonly transport: 'none' }>>;

const found = new WeakMap<Current['objects'], readonly NamedNotifier[]>();

/** All notifiers, by name. */
export function notifiersOf({ objects }: Pick<Current, 'objects'>): readonly NamedNotifier[] {
  const known = found.get(objects);
  if (known !== undefined) return known;
  const notifiers = [...objects.values()]
    .filter(({ kind }) => kind === 'notifier')
    .map(({ name, version, body }) => ({ name, version, body: body as NotifierBody }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  found.set(objects, notifiers);
  return notifiers;
}

/** The notifiers that are told of a change: those whose place overlaps one that it reaches. */
export function notifiersFor(
  current: Pick<Current, 'objects'>,
  change: Pick<ChangeSummary, 'reaches'>,
): readonly NamedNotifier[] {
  const reaches = reachesIn(change);
  return notifiersOf(current).filter(({ body }) => reaches.some((reach) => placesOverlap(body, reach)));
}

/**
 * The places that a change reaches and of which no notifier says whether anybody is to be told. Who is told of a part is told;
 * that nobody is to be told counts only where it is said of all of a place.
 */
export function uncoveredBy(
  current: Pick<Current, 'objects'>,
  change: Pick<ChangeSummary, 'reaches'>,
): readonly Reach[] {
  const notifiers = notifiersOf(current);
  return reachesIn(change).filter((reach) => !notifiers.some(({ body }) => speaksOf(body, reach)));
}

function speaksOf(body: NotifierBody, reach: Reach): boolean {
  if (body.transport !== 'none') return placesOverlap(body, reach);
  const { product, channel } = body;
  return covers({ ...(product && { products: [product] }), ...(channel && { channels: [channel] }) }, reach);
}

/** Those that send something. */
export function sendingAmong(notifiers: readonly NamedNotifier[]): readonly SendingNotifier[] {
  return notifiers.filter((one): one is SendingNotifier => one.body.transport !== 'none');
}

/** What lies nowhere in particular, such as an account, concerns everybody. */
function reachesIn({ reaches }: Pick<ChangeSummary, 'reaches'>): readonly Reach[] {
  return reaches.length === 0 ? [{}] : reaches;
}
