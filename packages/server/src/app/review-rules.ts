import { coversChannel, fallbackChannel } from 'sluice';
import type { RuleBody } from '../kinds/rule.ts';
import { mayBothMatch } from './may-both-match.ts';
import type { After, ReviewFinding } from './review.ts';

interface NumberedRule {
  readonly name: string;
  readonly number: number;
  readonly body: RuleBody;
  /** The entries of each of its lists. */
  readonly entries: readonly (readonly string[] | undefined)[];
}

/** Rules that ask for the same product and channel, in the order in which the first match wins. */
interface RuleGroup {
  readonly product: string | undefined;
  readonly channel: string | undefined;
  readonly rules: readonly NumberedRule[];
}

/** Where more rules than this have one priority, nobody orders them by it. */
const comparedAtMost = 500;

/** So many rules are compared for all edits together, which takes two seconds or so: whoever edits more is told less. */
const comparedInAll = 2_000_000;

/** So many rules are named in a note. */
const namedAtMost = 3;

/**
 * What a person should know about a rule among the others: that it leaves clients with nothing, that its priority settles
 * nothing, that it or others are never asked. Notes, all of them. Of two rules that are both `edited`, the one that comes
 * later has the note.
 */
export function reviewRules(
  name: string,
  rule: RuleBody,
  after: After,
  edited: ReadonlySet<string>,
): readonly ReviewFinding[] {
  const near = groupsOf(after).filter((group) => sharesClients(rule, group));
  const count = near.reduce((sum, { rules }) => sum + rules.length, 0);
  const before = compared.get(after) ?? 0;
  compared.set(after, before + count);
  if (before > comparedInAll) return shareNotes(rule);
  if (before + count > comparedInAll) return [...shareNotes(rule), tooMany];
  const edit = numberedRule(name, rule);
  const equal: string[] = [];
  const behind: string[] = [];
  let first: string | undefined;
  let checked = 0;
  for (const other of near.flatMap(({ rules }) => rules)) {
    if (other.name === name) continue;
    const isFirst = comesBefore(other, edit);
    if (!isFirst && edited.has(other.name)) continue;
    if (isFirst && isAsWide(other, edit)) first ??= other.name;
    else if (!isFirst && isAsWide(edit, other)) behind.push(other.name);
    else if (other.body.priority === rule.priority && checked < comparedAtMost) {
      checked += 1;
      if (mayBothMatch(rule, other.body)) equal.push(other.name);
    }
  }
  return [
    ...shareNotes(rule),
    ...note(equal, ['priority'], 'of the same priority, where the smaller number decides'),
    ...(first === undefined ? [] : [{ path: [], message: `never asked: rule ${first} decides all that it matches` }]),
    ...note(behind, [], 'never asked: this one decides all that they match'),
  ];
}

function shareNotes({ share, release, fallback }: RuleBody): readonly ReviewFinding[] {
  const isWhole = share.kind === 'percent' && share.percent === 100;
  if (isWhole || release === undefined || fallback !== undefined) return [];
  return [{ path: ['share'], message: 'no fallback: whoever loses the draw gets nothing' }];
}

function note(names: readonly string[], path: readonly string[], says: string): readonly ReviewFinding[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, namedAtMost).join(', ');
  const more = names.length > namedAtMost ? ` and ${names.length - namedAtMost} more` : '';
  return [
    {
      path,
      message: `${names.length === 1 ? 'rule' : 'rules'} ${shown}${more} ${names.length === 1 ? 'is' : 'are'} ${says}`,
    },
  ];
}

/** How many rules were compared in a review. */
const compared = new WeakMap<After, number>();

const tooMany: ReviewFinding = {
  path: [],
  message: 'so many rules are edited together that this one and those after it are not compared with others',
};

const groups = new WeakMap<After, readonly RuleGroup[]>();

/** Grouped once for all rules of a review, so that each is compared with few of the others. */
function groupsOf(after: After): readonly RuleGroup[] {
  const known = groups.get(after);
  if (known !== undefined) return known;
  const byPlace = new Map<
    string,
    { product: string | undefined; channel: string | undefined; rules: NumberedRule[] }
  >();
  for (const { name, body } of after.all('rule')) {
    const rule = body as RuleBody;
    const { product, channel } = rule;
    const place = JSON.stringify([product, channel]);
    const group = byPlace.get(place) ?? { product, channel, rules: [] };
    group.rules.push(numberedRule(name, rule));
    byPlace.set(place, group);
  }
  const made = [...byPlace.values()];
  for (const { rules } of made) rules.sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  groups.set(after, made);
  return made;
}

/** Source of the order: `core/rule-index.ts`. */
function comesBefore(a: NumberedRule, b: NumberedRule): boolean {
  return (a.body.priority - b.body.priority || b.number - a.number) > 0;
}

function sharesClients(rule: RuleBody, { product, channel }: RuleGroup): boolean {
  if (rule.product !== undefined && product !== undefined && rule.product !== product) return false;
  return coversAll(rule.channel, channel) || coversAll(channel, rule.channel);
}

/** Whether whoever is on a channel that `narrow` covers is on one that `wide` covers. */
function coversAll(wide: string | undefined, narrow: string | undefined): boolean {
  if (wide === undefined || wide === narrow) return true;
  if (narrow === undefined) return false;
  if (!narrow.endsWith('*')) return coversChannel(wide, narrow) || coversChannel(wide, fallbackChannel(narrow));
  return wide.endsWith('*') && coversChannel(wide, narrow.slice(0, -1));
}

const lists = ['version', 'locale', 'osVersion', 'instructionSet', 'distribution'] as const;
const texts = ['platform', 'buildId', 'memory', 'jaws', 'mig64', 'distributionVersion', 'architecture'] as const;

function numberedRule(name: string, body: RuleBody): NumberedRule {
  return {
    name,
    number: Number(name),
    body,
    entries: lists.map((field) => body[field]?.split(',').map((entry) => entry.trim())),
  };
}

/** Whether whatever matches `narrow` matches `wide` too, as far as comparing the texts of criteria can tell. */
function isAsWide({ body: wide, entries: all }: NumberedRule, { body: narrow, entries: some }: NumberedRule): boolean {
  if (wide.product !== undefined && wide.product !== narrow.product) return false;
  for (const [i, list] of all.entries()) {
    if (list !== undefined && some[i]?.every((entry) => list.includes(entry)) !== true) return false;
  }
  if (texts.some((field) => wide[field] !== undefined && wide[field] !== narrow[field])) return false;
  return coversAll(wide.channel, narrow.channel);
}
