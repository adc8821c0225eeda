import type { Principal } from '../../principal.ts';

/** What everybody in the model holds; whoever holds nothing may do nothing. */
export const people: Readonly<Record<string, readonly string[]>> = {
  ada: ['releng'],
  grace: ['releng', 'relman'],
  mary: ['relman'],
  ed: ['editor'],
  eve: [],
};

export type Fields = Readonly<Record<string, unknown>>;
/** Of each rule that is edited, the fields that are set. */
export type Patches = Readonly<Record<string, Fields>>;
export type When = { readonly kind: 'now' } | { readonly kind: 'at' | 'after'; readonly what: number };

interface ModelChange {
  state: 'pending' | 'enacted' | 'vetoed';
  proposer: string;
  patches: Patches;
  when: When;
  signOffs: Map<string, string>;
  /** What each rule was when the edits were last brought up to date. */
  bases: Map<string, Fields>;
  conflicts: Set<string>;
}

/** What changes to two rules come to, said as simply as can be: `f` is protected by releng and relman, `g` is free. */
export interface ChangeModel {
  nowMs: number;
  readonly bodies: Map<string, Fields>;
  readonly versions: Map<string, number>;
  readonly changes: Map<number, ModelChange>;
  mayPropose(who: string, when: When): boolean;
  propose(id: number, who: string, patches: Patches, when: When): void;
  mayEdit(who: string, id: number, patches: Patches, when: When, voids: boolean): boolean;
  edit(who: string, id: number, patches: Patches, when: When): void;
  maySign(who: string, id: number, role: string): boolean;
  sign(who: string, id: number, role: string): void;
  mayVeto(who: string, id: number): boolean;
  mayEnact(id: number): boolean;
  enact(id: number): void;
}

export function principalOf(who: string): Principal {
  return { kind: 'user', name: `${who}@example.org` };
}

export function openModel(start: Fields, nowMs: number): ChangeModel {
  const bodies = new Map<string, Fields>([
    ['f', start],
    ['g', start],
  ]);
  const versions = new Map([
    ['f', 1],
    ['g', 1],
  ]);
  const changes = new Map<number, ModelChange>();
  const of = (id: number): ModelChange => changes.get(id) as ModelChange;
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

  /** What alters nothing needs nobody, unless it waits: it may alter something by then. */
  const isFirm = ({ patches, when }: ModelChange): boolean =>
    when.kind !== 'now'
      ? patches['f'] !== undefined
      : Object.entries(patches['f'] ?? {}).some(([field, value]) => !same(bodies.get('f')?.[field], value));
  const isSigned = (change: ModelChange): boolean => {
    const { signOffs, proposer } = change;
    const roles = [...signOffs].filter(([who]) => who !== proposer).map(([, role]) => role);
    return !isFirm(change) || (roles.includes('releng') && roles.includes('relman'));
  };
  const isReady = (id: number): boolean => of(id).conflicts.size === 0 && isSigned(of(id));
  const isDue = ({ when }: ModelChange): boolean => {
    if (when.kind === 'now') return true;
    return when.kind === 'at' ? model.nowMs >= when.what : of(when.what).state === 'enacted';
  };
  const waits = (id: number, other: number): boolean => {
    const { when, state } = of(id);
    return state === 'pending' && when.kind === 'after' && (when.what === other || waits(when.what, other));
  };
  const rebased = (patches: Patches) => new Map(Object.keys(patches).map((rule) => [rule, bodies.get(rule) ?? {}]));
  const settle = (id: number): void => {
    if (of(id).when.kind === 'now' && isReady(id)) model.enact(id);
  };

  const model: ChangeModel = {
    nowMs,
    bodies,
    versions,
    changes,
    mayPropose: (who, when) =>
      (people[who] ?? []).length > 0 && !(when.kind === 'after' && of(when.what).state === 'vetoed'),
    propose(id, who, patches, when) {
      const fresh = { signOffs: new Map<string, string>(), bases: rebased(patches), conflicts: new Set<string>() };
      changes.set(id, { state: 'pending', proposer: who, patches, when, ...fresh });
      settle(id);
    },
    mayEdit(who, id, patches, when, voids) {
      const { state, signOffs, conflicts } = of(id);
      if (state !== 'pending' || !model.mayPropose(who, when)) return false;
      const isSame = conflicts.size === 0 && same([patches, when], [of(id).patches, of(id).when]);
      return isSame || voids || [...signOffs.keys()].every((one) => one === who);
    },
    edit(who, id, patches, when) {
      const change = of(id);
      if (change.conflicts.size > 0 || !same([patches, when], [change.patches, change.when])) {
        change.signOffs = new Map([...change.signOffs].filter(([one]) => one === who));
        change.proposer = who;
      }
      Object.assign(change, { patches, when, bases: rebased(patches), conflicts: new Set() });
      settle(id);
    },
    maySign(who, id, role) {
      const { state, conflicts, proposer, signOffs } = of(id);
      if (state !== 'pending' || conflicts.size > 0 || !isFirm(of(id)) || who === proposer) return false;
      return people[who]?.includes(role) === true && (signOffs.get(who) ?? role) === role;
    },
    sign(who, id, role) {
      if (of(id).signOffs.has(who)) return;
      of(id).signOffs.set(who, role);
      settle(id);
    },
    mayVeto(who, id) {
      const { state, proposer } = of(id);
      if (state !== 'pending') return false;
      const roles = people[who] ?? [];
      const could = isFirm(of(id)) ? roles.some((role) => role !== 'editor') : roles.length > 0;
      return who === proposer || could;
    },
    mayEnact: (id) => of(id).state === 'enacted' || (of(id).state === 'pending' && isReady(id) && isDue(of(id))),
    enact(id) {
      const change = of(id);
      if (change.state === 'enacted') return;
      const behind = [...changes.keys()].filter((other) => waits(other, id));
      change.state = 'enacted';
      for (const [rule, patch] of Object.entries(change.patches)) {
        const [before, after] = [bodies.get(rule) ?? {}, { ...bodies.get(rule), ...patch }];
        if (same(before, after)) continue;
        bodies.set(rule, after);
        versions.set(rule, (versions.get(rule) ?? 0) + 1);
        for (const [other, { state, patches, bases, conflicts }] of changes) {
          const [touched, base] = [patches[rule], bases.get(rule) ?? {}];
          if (state !== 'pending' || touched === undefined) continue;
          const clash = Object.keys(touched).some((field) => !same(base[field], after[field as keyof typeof after]));
          const isKnown = behind.includes(other) && !conflicts.has(rule);
          if (clash && !isKnown) conflicts.add(rule);
          else {
            conflicts.delete(rule);
            bases.set(rule, after);
          }
        }
      }
    },
  };
  return model;
}
