import { coversChannel, fallbackChannel, type Request, type Snapshot } from 'sluice';
import { otherLabel } from './meter.ts';

/** The names under which a decision is counted. */
export interface KnownLabels {
  readonly product: string;
  readonly channel: string;
}

/**
 * The product and channel of a request as far as rules, throttles or client keys name them; what a client made up is `other`. A
 * partner's channel is counted with the one that it follows, and a channel that only a glob covers with the glob.
 */
export function knownLabels(snapshot: Snapshot, request: Pick<Request, 'product' | 'channel'>): KnownLabels {
  const { rules, throttles, clientKeys } = snapshot;
  const { product, channel } = request;
  const own = rules.byProduct.get(product);
  const keyed = channelsOfKeys(clientKeys).get(product);
  const isKnown = own !== undefined || keyed !== undefined || throttles.specific.has(product);
  const named = [own, rules.anyProduct].flatMap((index) => (index === undefined ? [] : namedChannels(index)));
  const label =
    channelLabel([...named, exceptedChannels(throttles), ...(keyed === undefined ? [] : [keyed])], channel) ??
    // Rules for all channels name none; those of other products do.
    (named.some(({ hasAll }) => hasAll) ? channelLabel([channelsOfAll(rules)], channel) : undefined);
  return { product: isKnown ? product : otherLabel, channel: label ?? otherLabel };
}

/** Channels as they stand in rules or throttle exceptions. */
interface NamedChannels {
  readonly names: ReadonlySet<string>;
  /** The most particular first. */
  readonly globs: readonly string[];
  /** Whether some rule is for all channels. */
  readonly hasAll: boolean;
}

function channelLabel(named: readonly NamedChannels[], channel: string): string | undefined {
  const isNamed = (name: string): boolean => named.some(({ names }) => names.has(name));
  if (isNamed(channel)) return channel;
  const followed = fallbackChannel(channel);
  if (isNamed(followed)) return followed;
  for (const { globs } of named) {
    const glob = globs.find((pattern) => coversChannel(pattern, channel));
    // `release*` is there for `release` before all, which deserves its own name.
    if (glob !== undefined) return glob.slice(0, -1) === followed ? followed : glob;
  }
  return undefined;
}

type ChannelIndex = NonNullable<Snapshot['rules']['anyProduct']>;
type Rules = Snapshot['rules'];
type Throttles = Snapshot['throttles'];

// Gathered once for each index: the next snapshot has the same one where nothing has changed.
const ofRules = new WeakMap<ChannelIndex, NamedChannels>();
const ofAll = new WeakMap<Rules, NamedChannels>();
const ofExceptions = new WeakMap<Throttles, NamedChannels>();
const ofKeys = new WeakMap<Snapshot['clientKeys'], ReadonlyMap<string, NamedChannels>>();

function namedChannels(index: ChannelIndex): NamedChannels {
  const known = ofRules.get(index);
  if (known !== undefined) return known;
  const found = sorted(index.given.map(({ rule }) => rule.channel));
  ofRules.set(index, found);
  return found;
}

function channelsOfAll(rules: Rules): NamedChannels {
  const known = ofAll.get(rules);
  if (known !== undefined) return known;
  const all = [...rules.byProduct.values()].map(namedChannels);
  const found = sorted(all.flatMap(({ names, globs }) => [...names, ...globs]));
  ofAll.set(rules, found);
  return found;
}

function exceptedChannels(throttles: Throttles): NamedChannels {
  const known = ofExceptions.get(throttles);
  if (known !== undefined) return known;
  const found = sorted([...throttles.exceptions.values()].flatMap((channels) => [...channels]));
  ofExceptions.set(throttles, found);
  return found;
}

/** By product. */
function channelsOfKeys(clientKeys: Snapshot['clientKeys']): ReadonlyMap<string, NamedChannels> {
  const known = ofKeys.get(clientKeys);
  if (known !== undefined) return known;
  const channels = new Map<string, string[]>();
  for (const key of clientKeys.values()) {
    channels.set(key.product, [...(channels.get(key.product) ?? []), ...(key.channels ?? [])]);
  }
  const found = new Map([...channels].map(([product, names]) => [product, sorted(names)]));
  ofKeys.set(clientKeys, found);
  return found;
}

function sorted(channels: readonly (string | undefined)[]): NamedChannels {
  const all = new Set(channels.filter((channel) => channel !== undefined));
  const globs = [...all].filter((channel) => channel.endsWith('*'));
  for (const glob of globs) all.delete(glob);
  const hasAll = channels.includes(undefined);
  return { names: all, hasAll, globs: globs.sort((a, b) => b.length - a.length || (a < b ? -1 : 1)) };
}
