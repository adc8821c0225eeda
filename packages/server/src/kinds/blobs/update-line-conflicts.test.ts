import type { UpdateLineGroup } from 'sluice';
import { describe, expect, test } from 'vitest';
import { updateLineConflicts } from './update-line-conflicts.ts';

const fields = { actions: 'a' };
const otherFields = { ...fields, detailsURL: 'https://www.example.org/other' };

function meet(a: UpdateLineGroup['for'], b: UpdateLineGroup['for']): boolean {
  const [one, other] = [
    [
      { for: a, fields },
      { for: b, fields: otherFields },
    ],
    [
      { for: b, fields: otherFields },
      { for: a, fields },
    ],
  ].map((groups) => updateLineConflicts(groups).length === 1);
  // Which of them stands first makes no difference.
  expect(one).toBe(other);
  return one === true;
}

describe('two groups that say the same field', () => {
  test.each<[UpdateLineGroup['for'], UpdateLineGroup['for'], boolean]>([
    [{}, {}, true],
    [{ channels: ['release'] }, {}, true],
    [{ channels: ['release'] }, { channels: ['beta'] }, false],
    [{ channels: ['release'] }, { channels: ['beta', 'release'] }, true],
    [{ channels: ['rel*'] }, { channels: ['release'] }, true],
    [{ channels: ['rel*'] }, { channels: ['release*'] }, true],
    [{ channels: ['rel*'] }, { channels: ['rel*'] }, true],
    [{ channels: ['rel*'] }, { channels: ['beta*'] }, false],
    [{ channels: ['release'] }, { channels: ['release-cck-acme'] }, true],
    [{ channels: ['release-cck-one'] }, { channels: ['release-cck-two'] }, false],
    [{ channels: ['r*'] }, { channels: ['release'] }, false],
    [{ channels: [] }, {}, true],
    [{ channels: [] }, { channels: ['release'] }, false],
    [{ locales: ['de', 'fr'] }, { locales: ['fr'] }, true],
    [{ locales: ['de'] }, { locales: ['fr'] }, false],
    [{ locales: ['de'] }, { channels: ['release'] }, true],
    [{ locales: ['de'], channels: ['release'] }, { locales: ['de'], channels: ['beta'] }, false],
  ])('for %j and %j: %s', (a, b, expected) => {
    expect(meet(a, b)).toBe(expected);
  });

  test.each([
    ['1.0', '1.0', true],
    ['1.0', '1.0.0', true],
    ['1.0', '2.0', false],
    ['<2.0', '1.0', true],
    ['<2.0', '2.0', false],
    ['<=2.0', '2.0', true],
    ['<2.0', '>=2.0', false],
    ['<=2.0', '>=2.0', true],
    ['<2.0', '>2.0', false],
    ['<2.0', '>1.0', true],
    ['<9.0', '>10.0', false],
    ['>1.0', '>99.0', true],
    ['<1.0', '<=99.0', true],
    ['60.0a1', '<60.0', true],
    ['99.*', '99.0', true],
    ['99.*', '99.8.1', true],
    ['99.*', '>98.0', true],
    ['99.*', '>99.0', true],
    ['99.*', '<99.0', true],
    ['99.*', '>=100.0a1', false],
    ['99.*', '<98.0', false],
    ['99.8.*', '99.*', true],
    ['99.8.*', '99.8', true],
    ['99.8.*', '>=99.9', false],
    ['99.*', '98.*', false],
    ['unreadable', '1.0', true],
  ])('in versions %s and %s: %s', (a, b, expected) => {
    expect(meet({ versions: [a] }, { versions: [b] })).toBe(expected);
  });

  test.each([
    ['20260101', '20260101', true],
    ['20260101', '20260102', false],
    ['<20260101', '20251231', true],
    ['<20260101', '>=20260101', false],
    ['<=20260101', '>=20260101', true],
    ['<20270101', '>20260101', true],
    // As texts, which is how they are compared.
    ['<9', '10', true],
  ])('in builds %s and %s: %s', (a, b, expected) => {
    expect(meet({ buildIDs: [a] }, { buildIDs: [b] })).toBe(expected);
  });
});

test('one entry of a list is enough', () => {
  expect(meet({ versions: ['1.0', '<1.0'] }, { versions: ['2.0', '>=1.0'] })).toBe(true);
  expect(meet({ versions: ['1.0', '<1.0'] }, { versions: ['2.0', '>1.0'] })).toBe(false);
  expect(meet({ buildIDs: ['1', '2'] }, { buildIDs: ['3', '2'] })).toBe(true);
});

test('each pair is told with its fields, and groups that say different things are let be', () => {
  const groups: readonly UpdateLineGroup[] = [
    { for: {}, fields: { actions: 'a', type: 'minor', openURL: 'x' } },
    { for: { locales: ['de'] }, fields: { openURL: 'y', type: 'major' } },
    { for: { locales: ['fr'] }, fields: { type: 'major', alertURL: 'z' } },
    { for: {}, fields: { showPrompt: true } },
  ];
  expect(updateLineConflicts(groups)).toEqual([
    { first: 0, second: 1, fields: ['openURL', 'type'] },
    { first: 0, second: 2, fields: ['type'] },
  ]);
  expect(updateLineConflicts([])).toEqual([]);
});

test('the same group twice says nothing twice', () => {
  const group = { for: { locales: ['de'] }, fields };
  expect(updateLineConflicts([group, { ...group }])).toEqual([]);
});
