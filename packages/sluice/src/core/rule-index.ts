import { type CompiledRule, compileRule, matchesChannel, matchRule } from './match.ts';
import type { Rule, Versioned } from './model.ts';
import type { Query } from './query.ts';

/** Rules by product and channel, each list in the order in which the first match wins. */
export interface RuleIndex {
  /** Rules of products that some rule names, rules for all products among them. */
  readonly byProduct: ReadonlyMap<string, ChannelIndex>;
  /** Rules for all products, for a product that no rule names. */
  readonly anyProduct: ChannelIndex;
}

interface ChannelIndex {
  /** For each channel that some rule names without a glob: every rule that covers it. */
  readonly byChannel: ReadonlyMap<string, readonly CompiledRule[]>;
  /** For all other channels: the rules with a glob or without a channel, which have still to be looked at. */
  readonly otherChannels: readonly CompiledRule[];
}

/** The rule that a request meets first, if any; `unreadable` where that hangs on a version which cannot be read. */
export type Found = CompiledRule | 'unreadable' | undefined;

export function indexRules(rules: readonly Versioned<Rule>[], compile: typeof compileRule = compileRule): RuleIndex {
  const ordered = rules.map(compile).sort(byPrecedence);
  const products = new Map<string, CompiledRule[]>();
  for (const { rule } of ordered) if (rule.product !== undefined) products.set(rule.product, []);
  const anyProduct: CompiledRule[] = [];
  for (const compiled of ordered) {
    const { product } = compiled.rule;
    if (product !== undefined) {
      products.get(product)?.push(compiled);
      continue;
    }
    anyProduct.push(compiled);
    for (const list of products.values()) list.push(compiled);
  }
  return {
    byProduct: new Map([...products].map(([product, list]) => [product, indexChannels(list)])),
    anyProduct: indexChannels(anyProduct),
  };
}

function byPrecedence(a: CompiledRule, b: CompiledRule): number {
  return b.rule.priority - a.rule.priority || a.rule.id - b.rule.id;
}

function indexChannels(rules: readonly CompiledRule[]): ChannelIndex {
  const byChannel = new Map<string, CompiledRule[]>();
  const otherChannels = rules.filter(({ rule }) => rule.channel === undefined || rule.channel.endsWith('*'));
  for (const { rule } of rules) {
    if (rule.channel !== undefined && !rule.channel.endsWith('*')) byChannel.set(rule.channel, []);
  }
  for (const [channel, list] of byChannel) {
    for (const compiled of rules) if (coversExactly(compiled, channel)) list.push(compiled);
  }
  return { byChannel, otherChannels };
}

function coversExactly({ rule }: CompiledRule, channel: string): boolean {
  if (rule.channel === undefined || rule.channel === channel) return true;
  return rule.channel.length >= 3 && rule.channel.endsWith('*') && channel.startsWith(rule.channel.slice(0, -1));
}

/** Finds the rule that decides: the one of the highest priority among those that match, the smaller id among equals. */
export function findRule(index: RuleIndex, query: Query): Found {
  const first = findFirst(index.byProduct.get(query.request.product) ?? index.anyProduct, query);
  return first?.versions !== undefined && query.version === undefined ? 'unreadable' : first;
}

function findFirst(channels: ChannelIndex, query: Query): CompiledRule | undefined {
  if (query.fallbackChannel === query.request.channel) {
    const listed = channels.byChannel.get(query.request.channel);
    return listed === undefined ? firstIn(channels.otherChannels, query, true) : firstIn(listed, query, false);
  }
  return earlier(
    firstIn(channels.byChannel.get(query.request.channel) ?? channels.otherChannels, query, true),
    firstIn(channels.byChannel.get(query.fallbackChannel) ?? channels.otherChannels, query, true),
  );
}

/** The first rule that matches, or would if the client's version could be read. */
function firstIn(rules: readonly CompiledRule[], query: Query, channelOpen: boolean): CompiledRule | undefined {
  for (const compiled of rules) {
    if (channelOpen && !matchesChannel(compiled, query)) continue;
    if (matchRule(compiled, query) !== 'no') return compiled;
  }
  return undefined;
}

/** Of what two lists gave for one request, what stands first in both together. */
function earlier(a: CompiledRule | undefined, b: CompiledRule | undefined): CompiledRule | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return byPrecedence(a, b) <= 0 ? a : b;
}
