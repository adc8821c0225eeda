import { describe, expect, test } from 'vitest';
import {
  aLine,
  anEdit,
  anObject,
  aRelease,
  aRuleBody,
  aWorld,
  host,
  percent,
  previewOf,
} from './preview-world.fixture.ts';

const rule = (more: object) => aRuleBody({ fallback: 'A-1', ...more });
const world = aWorld([host, aRelease('A', '1'), aRelease('A', '2'), anObject('rule', '1', rule(percent(25)))]);

async function passes(line: object, edit: object): Promise<readonly [boolean, boolean]> {
  const regression = [{ name: 'one', line: aLine().url, ...line }];
  const report = await previewOf(world, [anEdit('rule', '1', edit)], [], { regression });
  const [result] = report.regression;
  return [result?.before.passed === true, result?.after.passed === true];
}

describe('a regression line', () => {
  test('passes where all that it may get is the release', async () => {
    expect(await passes({ release: 'A-2' }, rule({}))).toEqual([false, true]);
    expect(await passes({ release: 'A-2', line: aLine({ query: '?force=1' }).url }, rule({}))).toEqual([true, true]);
    expect(await passes({ release: 'A-1', line: aLine({ query: '?force=-1' }).url }, rule({}))).toEqual([true, false]);
  });

  test('passes where it gets nothing, if it must', async () => {
    const line = aLine({ channel: 'beta' }).url;
    expect(await passes({ nothing: true, line }, rule({ channel: 'release' }))).toEqual([false, true]);
    expect(await passes({ nothing: true, line: aLine({ product: 'C' }).url }, rule({}))).toEqual([true, true]);
  });

  test('passes where it can be answered, if nothing else is asked', async () => {
    expect(await passes({}, rule({}))).toEqual([true, true]);
    expect(await passes({ line: aLine({ query: '?pin=x' }).url }, rule({}))).toEqual([false, false]);
  });

  test('fails where no face knows it', async () => {
    expect(await passes({ nothing: true, line: '/nobody' }, rule({}))).toEqual([false, false]);
  });

  test('tells what it got', async () => {
    const regression = [{ name: 'one', line: aLine().url, release: 'A-2' }];
    const report = await previewOf(world, [], [], { regression });
    expect(report.regression[0]?.after.got.map(({ answer }) => answer)).toEqual(['A-2', 'A-1']);
    expect(report.total.lines).toBe(0);
  });
});
