import { coversChannel } from './channel.ts';
import { type CompiledRule, type CompileRule, ruleCompiler } from './compiled-rule.ts';
import type { Rule, Versioned } from './model.ts';
import type { Query } from './query.ts';
import { firstIn, type RuleList, ruleList } from './rule-list.ts';
import { type Made, sameItems, takeOver } from './take-over.ts';

/** Rules by product and channel, each list in the order in which the first match wins. */
export interface RuleIndex {
  readonly byProduct: ReadonlyMap<string, ChannelIndex>;
  /** Rules for all products; absent where there is none. */
  readonly anyProduct: ChannelIndex | undefined;
  /** What the next index takes over. */
  readonly compiled: Made<Versioned<Rule>, CompiledRule>;
}

interface ChannelIndex {
  /** For each channel that some rule names without a glob: every rule that covers it. */
  readonly byChannel: ReadonlyMap<string, RuleList>;
  /** For all other channels: the rules with a glob or without a channel, which have still to be looked at. */
  readonly otherChannels: RuleList;
  /** All these rules, in the order in which they were given. */
  readonly given: readonly CompiledRule[];
}

/** The rule that a request meets first, if any; `unreadable` where that hangs on a version which cannot be read. */
export type Found = CompiledRule | 'unreadable' | undefined;

/** Indexes rules. Whatever is the same as in `previous` is taken over: each rule, and each product whose rules are. */
export function indexRules(
  rules: readonly Versioned<Rule>[],
  previous?: RuleIndex,
  compile: CompileRule = ruleCompiler(),
): RuleIndex {
  const compiled = takeOver(rules, previous?.compiled, compile);
  if (compiled === previous?.compiled) return previous;
  const products = new Map<string, CompiledRule[]>();
  const anyProduct: CompiledRule[] = [];
  for (const each of compiled.to) {
    const { product } = each.rule;
    if (product === undefined) {
      anyProduct.push(each);
      continue;
    }
    const list = products.get(product);
    if (list === undefined) products.set(product, [each]);
    else list.push(each);
  }
  return {
    byProduct: new Map([...products].map(([name, list]) => [name, indexChannels(list, previous?.byProduct.get(name))])),
    anyProduct: anyProduct.length === 0 ? undefined : indexChannels(anyProduct, previous?.anyProduct),
    compiled,
  };
}

function byPrecedence(a: CompiledRule, b: CompiledRule): number {
  return b.rule.priority - a.rule.priority || a.rule.id - b.rule.id;
}

function indexChannels(given: readonly CompiledRule[], previous: ChannelIndex | undefined): ChannelIndex {
  if (previous !== undefined && sameItems(given, previous.given)) return previous;
  const byChannel = new Map<string, CompiledRule[]>();
  for (const { rule } of given) if (isOneChannel(rule.channel)) byChannel.set(rule.channel, []);
  const otherChannels: CompiledRule[] = [];
  for (const compiled of [...given].sort(byPrecedence)) {
    const { channel: asked } = compiled.rule;
    if (isOneChannel(asked)) {
      byChannel.get(asked)?.push(compiled);
      continue;
    }
    otherChannels.push(compiled);
    for (const [channel, list] of byChannel) {
      if (asked === undefined || coversChannel(asked, channel)) list.push(compiled);
    }
  }
  return {
    byChannel: new Map([...byChannel].map(([channel, list]) => [channel, ruleList(list)])),
    otherChannels: ruleList(otherChannels),
    given,
  };
}

function isOneChannel(channel: string | undefined): channel is string {
  return channel !== undefined && !channel.endsWith('*');
}

/** Finds the rule that decides: the one of the highest priority among those that match, the smaller id among equals. */
export function findRule({ byProduct, anyProduct }: RuleIndex, query: Query): Found {
  const own = byProduct.get(query.request.product);
  const first = earlier(own && findFirst(own, query), anyProduct && findFirst(anyProduct, query));
  return first?.criteria.versions !== undefined && query.version === undefined ? 'unreadable' : first;
}

function findFirst(index: ChannelIndex, query: Query): CompiledRule | undefined {
  const { channel } = query.request;
  const first = findInChannel(index, query, channel);
  if (query.fallbackChannel === channel) return first;
  return earlier(first, findInChannel(index, query, query.fallbackChannel));
}

function findInChannel(index: ChannelIndex, query: Query, channel: string): CompiledRule | undefined {
  const listed = index.byChannel.get(channel);
  return listed === undefined ? firstIn(index.otherChannels, query, channel) : firstIn(listed, query, undefined);
}

/** Of what two lists gave for one request, what stands first in both together. */
function earlier(a: CompiledRule | undefined, b: CompiledRule | undefined): CompiledRule | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return byPrecedence(a, b) <= 0 ? a : b;
}
