import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changeStates } from '../../change.ts';
import { type Act, stateAfter, transitions } from './transitions.ts';

const page = readFileSync(new URL('../../../../../docs/changes.md', import.meta.url), 'utf8');

/** The table of the page, by act and state; an empty cell is left out. */
function tableOf(text: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const [, section = ''] = text.split('\n## Life\n');
  const [table = ''] = section.split('\n## ');
  const rows = [...table.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
  const [[, ...states] = [], , ...acts] = rows;
  return Object.fromEntries(
    acts.map(([act = '', ...cells]) => [
      act,
      Object.fromEntries(states.flatMap((state, i) => (cells[i] ? [[state, cells[i]]] : []))),
    ]),
  );
}

test('the table of states and acts is the one that the page shows', () => {
  expect(tableOf(page)).toEqual(transitions);
});

test('nothing leads out of enacted and vetoed', () => {
  for (const act of Object.keys(transitions) as Act[]) {
    expect(stateAfter(act, 'vetoed')).toBeUndefined();
    if (act !== 'revert') expect(stateAfter(act, 'enacted')).toBeUndefined();
  }
});

test('every state but draft is led to by an act', () => {
  const reached = Object.values(transitions).flatMap((row) => Object.values(row));
  for (const state of changeStates) expect(['draft', ...reached]).toContain(state);
});
