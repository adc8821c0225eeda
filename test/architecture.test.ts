import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { planted } from './architecture/planted-sources.ts';
import { rules } from './architecture/rules.ts';
import { readSources } from './architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// The violations are quoted code, which the rules cannot tell from code.
const sources = readSources(root).filter(({ path }) => path !== 'test/architecture/planted-sources.ts');

for (const { says, offences } of rules) {
  describe(says, () => {
    test('holds in the whole tree', () => {
      const found = sources.flatMap((source) => offences(source).map((offence) => `${source.path}: ${offence}`));
      expect(found).toEqual([]);
    });

    test('finds each planted violation', () => {
      for (const source of planted[says]?.wrong ?? []) expect(offences(source), JSON.stringify(source)).not.toEqual([]);
    });

    test('lets pass what is allowed', () => {
      for (const source of planted[says]?.right ?? []) expect(offences(source), JSON.stringify(source)).toEqual([]);
    });
  });
}

test('each rule has its planted violations and the tree has the files that the rules are for', () => {
  expect(Object.keys(planted)).toEqual(rules.map(({ says }) => says));
  for (const { wrong, right } of Object.values(planted))
    expect(Math.min(wrong.length, right.length)).toBeGreaterThan(0);
  expect(sources.map(({ path }) => path)).toContain('packages/sluice/src/core/decide.ts');
});

test('the lockfile names no registry', () => {
  expect(readFileSync(`${root}/package-lock.json`, 'utf8')).not.toMatch(/"resolved": "\w+:/);
});
