import type { Rule, Share, Versioned } from './model.ts';

export function percent(number: number): Share {
  return { kind: 'percent', percent: number };
}

/** A rule that matches everything and serves `MyApp-2.0` to all. */
export function aRule(differences: Partial<Rule> = {}): Rule {
  return {
    id: 1,
    priority: 100,
    release: 'MyApp-2.0',
    share: percent(100),
    updateType: 'minor',
    salt: 'r1v9x0q7m1z5c8b2',
    ...differences,
  };
}

/** Objects as the store numbers them: each in its first version. */
export function firstVersions<T>(values: readonly T[]): readonly Versioned<T>[] {
  return values.map((value) => ({ version: 1, value }));
}
