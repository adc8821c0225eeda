/**
 * When a change may be enacted: a tree whose leaves are true, false or unknown. Unknown never acts.
 * Source of the logic: S. C. Kleene, Introduction to Metamathematics (1952), §64, strong three-valued connectives.
 */
export type Condition =
  | { readonly now: true }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly time: TimeCondition }
  | { readonly approval: { readonly role: string; readonly count: number } }
  | { readonly change: { readonly id: number; readonly state: 'enacted' | 'vetoed' | 'failed' } };

/** From `after` on, and before `before`; at least one of them. */
export interface TimeCondition {
  /** RFC 3339 with an offset (`2026-12-01T10:00:00Z`), or without one when `zone` is given (`2026-12-01T10:00`). */
  readonly after?: string;
  readonly before?: string;
  /** An IANA zone, such as `Europe/Berlin`. */
  readonly zone?: string;
}

/** A part without parts. */
export type ConditionLeaf = Exclude<
  Condition,
  { readonly all: unknown } | { readonly any: unknown } | { readonly not: unknown }
>;

export type Truth = 'true' | 'false' | 'unknown';

/** All leaves from left to right, each as often as it stands there. */
export function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  return parentsFirst(condition).filter(isLeaf);
}

/** What a condition comes to when `leaf` says what each leaf is; `now` is always true. Every leaf is asked for, however deep. */
export function evaluate(condition: Condition, leaf: (leaf: ConditionLeaf) => Truth): Truth {
  const nodes = parentsFirst(condition);
  const done: Truth[] = [];
  for (const node of nodes.reverse()) {
    // Behind a node stand its children, so the last ones that are done are its own.
    const children = done.splice(done.length - childrenOf(node).length);
    done.push(isLeaf(node) ? leafTruth(node, leaf) : combine(node, children));
  }
  return done[0] ?? 'unknown';
}

function combine(node: Exclude<Condition, ConditionLeaf>, children: readonly Truth[]): Truth {
  if ('all' in node) return first(['false', 'unknown'], children) ?? 'true';
  if ('any' in node) return first(['true', 'unknown'], children) ?? 'false';
  return opposite(children[0] ?? 'unknown');
}

function leafTruth(node: ConditionLeaf, leaf: (leaf: ConditionLeaf) => Truth): Truth {
  return 'now' in node ? 'true' : leaf(node);
}

function first(order: readonly Truth[], among: readonly Truth[]): Truth | undefined {
  return order.find((truth) => among.includes(truth));
}

function opposite(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'true' ? 'false' : 'true';
}

function isLeaf(node: Condition): node is ConditionLeaf {
  return !('all' in node || 'any' in node || 'not' in node);
}

function childrenOf(node: Condition): readonly Condition[] {
  if ('all' in node) return node.all;
  if ('any' in node) return node.any;
  return 'not' in node ? [node.not] : [];
}

/** Without recursion, so that no depth is too great. */
function parentsFirst(condition: Condition): Condition[] {
  const found: Condition[] = [];
  const waiting = [condition];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(node);
    for (const child of [...childrenOf(node)].reverse()) waiting.push(child);
  }
  return found;
}
