import { compareVersions, numberCriterion, textCriterion, versionCriterion } from 'sluice';
import type { RuleBody } from '../kinds/rule.ts';

const exact = ['platform', 'jaws', 'mig64', 'distributionVersion', 'architecture'] as const;
const choices = ['locale', 'instructionSet', 'distribution'] as const;

/** Whether there can be a request that meets what both rules ask for besides product and channel. */
export function mayBothMatch(a: RuleBody, b: RuleBody): boolean {
  if (exact.some((field) => a[field] !== undefined && b[field] !== undefined && a[field] !== b[field])) return false;
  for (const field of choices) {
    const [one, other] = [a[field]?.split(','), b[field]?.split(',')];
    if (one !== undefined && other !== undefined && !one.some((entry) => other.includes(entry))) return false;
  }
  return (
    mayMeet(a.buildId, b.buildId, buildIdsMeet) &&
    mayMeet(a.memory, b.memory, memoriesMeet) &&
    (a.version === undefined ||
      b.version === undefined ||
      versionsIn(a).some((one) => versionsIn(b).some((other) => versionEntriesMeet(one, other))))
  );
}

function mayMeet(a: string | undefined, b: string | undefined, meet: (one: string, other: string) => boolean): boolean {
  return a === undefined || b === undefined || meet(a, b);
}

function buildIdsMeet(a: string, b: string): boolean {
  const [one, other] = [textCriterion(a), textCriterion(b)];
  if (one === undefined || other === undefined) return false;
  const order = one.operand === other.operand ? 0 : one.operand < other.operand ? -1 : 1;
  return rangesMeet(one.operator, other.operator, order);
}

/** An unknown memory meets every rule, so there is always a request. */
function memoriesMeet(a: string, b: string): boolean {
  return numberCriterion(a) !== undefined && numberCriterion(b) !== undefined;
}

type VersionEntry = ReturnType<typeof versionCriterion>['entries'][number];

/** An entry of a list of versions that can be read, beside its text. */
interface ReadEntry {
  readonly text: string;
  readonly entry: VersionEntry;
}

const readLists = new WeakMap<RuleBody, readonly ReadEntry[]>();

/** Read once for each rule, however many others it is compared with. */
function versionsIn(rule: RuleBody): readonly ReadEntry[] {
  const known = readLists.get(rule);
  if (known !== undefined) return known;
  const texts = rule.version?.split(',').map((text) => text.trim()) ?? [];
  const read = texts.flatMap((text) => versionCriterion(text).entries.map((entry) => ({ text, entry })));
  readLists.set(rule, read);
  return read;
}

function versionEntriesMeet(a: ReadEntry, b: ReadEntry): boolean {
  const [one, other] = [a.entry, b.entry];
  if (one.kind === 'prefix') {
    if (other.kind === 'prefix') return one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
    return other.operator !== '=' || b.text.startsWith(one.prefix);
  }
  if (other.kind === 'prefix') return one.operator !== '=' || a.text.startsWith(other.prefix);
  const [left, right] = [one.operands.mozilla, other.operands.mozilla];
  if (left !== undefined && right !== undefined) {
    return rangesMeet(one.operator, other.operator, compareVersions(left, right));
  }
  return one.operands.loose !== undefined && other.operands.loose !== undefined;
}

type Operator = NonNullable<ReturnType<typeof textCriterion>>['operator'];

/** Whether something lies in both ranges; `order` says where the end of the first lies, seen from that of the second. */
function rangesMeet(a: Operator, b: Operator, order: number): boolean {
  const [goesDown, goesUp] = [/^[<]/, /^[>]/];
  if ((goesDown.test(a) && goesDown.test(b)) || (goesUp.test(a) && goesUp.test(b))) return true;
  if (order === 0) return a.includes('=') && b.includes('=');
  // The first ends above the second's end, or below it: they meet if each goes on towards the other.
  return order > 0
    ? !goesUp.test(a) && !goesDown.test(b) && (goesDown.test(a) || goesUp.test(b))
    : rangesMeet(b, a, -order);
}
