import { describe, expect, test } from 'vitest';
import {
  aLine,
  anEdit,
  anObject,
  aRelease,
  aReleaseBody,
  aRuleBody,
  aWorld,
  host,
  percent as percentOf,
  previewOf,
} from './preview-world.fixture.ts';

const releases = [host, ...['1', '2', '3'].map((version) => aRelease('A', version))];
const world = aWorld([...releases, anObject('rule', '1', aRuleBody({ ...percentOf(25), fallback: 'A-1' }))]);
const rule = (more: object) => anEdit('rule', '1', aRuleBody({ fallback: 'A-1', ...more }));
const lines = [aLine(), aLine({ locale: 'fr' }), aLine({ channel: 'beta' }), aLine({ product: 'C' })];

describe('a preview of edits', () => {
  test('says of no edit that nothing differs', async () => {
    const report = await previewOf(world, [], lines);
    expect(report.total).toEqual({ lines: 4, differing: 0, expected: 0, noticed: 0 });
    expect(report).toMatchObject({ revision: 1, complete: true, inexact: 0, examples: [], sampled: 4 });
    expect(report.byProduct).toEqual({ first: [], leftOut: 0 });
  });

  test('expects a quarter of the answers to differ when a share is raised from 25 % to 50 %', async () => {
    const { total, byProduct, byChannel, byOutcome } = await previewOf(world, [rule(percentOf(50))], lines);
    expect(total.lines).toBe(4);
    expect(total.differing).toBe(3);
    expect(total.expected / 3).toBeCloseTo(0.25, 6);
    expect(total.noticed).toBe(total.expected);
    expect(byProduct.first).toEqual([{ ...total, name: 'A', lines: 3 }]);
    expect(byChannel.first.map(({ name, differing }) => [name, differing])).toEqual([
      ['release', 2],
      ['beta', 1],
    ]);
    expect(byOutcome.first).toEqual([{ from: 'A-1', to: 'A-2', expected: expect.closeTo(0.75, 5) }]);
  });

  test('shows for examples everything that a line may get, and what decides', async () => {
    const { examples } = await previewOf(world, [rule(percentOf(50))], lines);
    const by = { kind: 'rule', name: '1' };
    expect(examples).toHaveLength(3);
    expect(examples[0]).toEqual({
      ...aLine(),
      distance: expect.closeTo(0.25, 6),
      before: [
        { answer: 'A-2', probability: expect.closeTo(0.25, 6), by },
        { answer: 'A-1', probability: expect.closeTo(0.75, 6), by },
      ],
      after: [
        { answer: 'A-2', probability: expect.closeTo(0.5, 6), by },
        { answer: 'A-1', probability: expect.closeTo(0.5, 6), by },
      ],
    });
  });

  test('decides a forced line as forced', async () => {
    const forced = [aLine({ query: '?force=1' }), aLine({ query: '?force=-1' })];
    expect((await previewOf(world, [rule(percentOf(50))], forced)).total.expected).toBe(0);
    expect((await previewOf(world, [rule(percentOf(100))], forced)).total.expected).toBe(1);
  });

  test('counts throttles, and stops hold the forced ones too', async () => {
    const throttle = anEdit('throttle', 'A/1.0', { product: 'A', version: '1.0', percent: 40, salt: 's' });
    const throttled = await previewOf(world, [throttle], lines);
    expect(throttled.total.expected / 3).toBeCloseTo(0.6, 6);
    expect(throttled.byOutcome.first.map(({ to }) => to)).toEqual(['nothing: throttled', 'nothing: throttled']);
    const stop = anEdit('emergency-stop', 'now', { product: 'A' });
    const stopped = await previewOf(world, [stop], [...lines, aLine({ query: '?force=1' })]);
    expect(stopped.total).toEqual({
      lines: 5,
      differing: 4,
      expected: expect.closeTo(4, 9),
      noticed: expect.closeTo(4, 9),
    });
    expect(stopped.examples[0]?.after[0]?.by).toEqual({ kind: 'emergency-stop', name: 'now' });
  });

  test('tells another reason for nothing from what a client notices', async () => {
    const { total, byOutcome } = await previewOf(world, [anEdit('emergency-stop', 'now', { product: 'C' })], lines);
    expect(total).toEqual({ lines: 4, differing: 1, expected: 1, noticed: 0 });
    expect(byOutcome.first).toEqual([{ from: 'nothing: no-rule', to: 'nothing: stopped', expected: 1 }]);
  });

  test('sees that a release says something else to those who get it, and only to them', async () => {
    const same = anEdit('release', 'A-2', aReleaseBody('A', '2'));
    expect((await previewOf(world, [same], lines)).total.differing).toBe(0);
    const other = anEdit('release', 'A-2', aReleaseBody('A', '2', { displayVersion: 'Two' }));
    const { total, byOutcome } = await previewOf(world, [other], lines);
    expect(total.differing).toBe(3);
    expect(total.expected / 3).toBeCloseTo(0.25, 6);
    expect(byOutcome.first).toEqual([{ from: 'A-2', to: 'A-2, altered', expected: expect.closeTo(0.75, 5) }]);
  });

  test('sees what a file host makes of answers', async () => {
    const none = anEdit('file-host', 'a.example.org', { host: 'a.example.org', products: [] });
    expect((await previewOf(world, [none], lines)).total.expected).toBeCloseTo(3, 9);
    const more = anEdit('file-host', 'b.example.org', { host: 'b.example.org', products: ['A'] });
    expect((await previewOf(world, [more], lines)).total.expected).toBe(0);
  });

  test('sees that a release is gone, and that one comes to be', async () => {
    const { byOutcome } = await previewOf(world, [anEdit('release', 'A-2', undefined)], [aLine()]);
    expect(byOutcome.first[0]).toMatchObject({ from: 'A-2', to: 'nothing: release-missing' });
    const edits = [anEdit('release', 'A-4', aReleaseBody('A', '4')), rule({ release: 'A-4', ...percentOf(25) })];
    const created = await previewOf(world, edits, [aLine()]);
    expect(created.byOutcome.first[0]).toMatchObject({ from: 'A-2', to: 'A-4' });
  });

  test('follows the products of a superblob to their own rules', async () => {
    const superblob = anObject('release', 'S', {
      product: 'S',
      blob: { name: 'S', schema_version: 4000, products: ['A'] },
    });
    const outer = anObject('rule', '2', aRuleBody({ product: 'S', release: 'S' }));
    const both = aWorld([...world.objects, superblob, outer]);
    const { total, byOutcome } = await previewOf(both, [rule(percentOf(100))], [aLine({ product: 'S' })]);
    expect(total.expected).toBeCloseTo(0.75, 6);
    expect(byOutcome.first[0]).toMatchObject({ from: 'S [A-1]', to: 'S [A-2]' });
  });

  test('sees that a product of a superblob comes as another type of update', async () => {
    const superblob = anObject('release', 'S', {
      product: 'S',
      blob: { name: 'S', schema_version: 4000, products: ['A'] },
    });
    const outer = anObject('rule', '2', aRuleBody({ product: 'S', release: 'S' }));
    const both = aWorld([...releases, superblob, outer, anObject('rule', '1', aRuleBody())]);
    const { byOutcome } = await previewOf(both, [rule({ updateType: 'major' })], [aLine({ product: 'S' })]);
    expect(byOutcome.first).toEqual([{ from: 'S [A-2]', to: 'S [A-2], altered', expected: 1 }]);
  });

  test('follows a pin to a superblob and to the rules of its products', async () => {
    const superblob = { product: 'S', blob: { name: 'S', schema_version: 4000, products: ['B'] } };
    const pinned = aWorld([
      ...world.objects,
      aRelease('B', '2'),
      anObject('release', 'S', superblob),
      anObject('pin', 'A/release/1.', { product: 'A', channel: 'release', version: '1.', release: 'S' }),
    ]);
    const edits = [anEdit('rule', '2', aRuleBody({ product: 'B', release: 'B-2' }))];
    const { byOutcome } = await previewOf(pinned, edits, [aLine({ query: '?pin=1.' }), aLine()]);
    expect(byOutcome.first).toEqual([{ from: 'S []', to: 'S [B-2]', expected: expect.closeTo(0.25, 6) }]);
  });

  test('reads a ramp at the time that it is asked for', async () => {
    const share = { kind: 'ramp', points: [{ at: '2030-01-01T00:00:00Z', percent: 80, by: 'step' }] };
    const edits = [rule({ share })];
    const late = await previewOf(world, edits, [aLine()], { nowMs: Date.UTC(2030, 0, 2) });
    expect(late.total.expected).toBeCloseTo(0.55, 6);
    expect((await previewOf(world, edits, [aLine()])).total.expected).toBeCloseTo(0.25, 6);
  });

  test('ignores what nodes do not answer by, and lines that no face knows', async () => {
    const edits = [anEdit('user', 'anna', { roles: [] })];
    const { total } = await previewOf(world, edits, [...lines, { url: '/nobody', userAgent: undefined }]);
    expect(total).toEqual({ lines: 4, differing: 0, expected: 0, noticed: 0 });
  });

  test('says when time was up, and has looked at the regression lines all the same', async () => {
    let clock = 0;
    const elapsedMs = () => {
      clock += 1;
      return clock;
    };
    const many = Array.from({ length: 1000 }, (_, at) => aLine({ locale: `l${at}` }));
    const regression = [{ name: 'German', line: aLine().url }];
    const report = await previewOf(world, [rule(percentOf(50))], many, { elapsedMs, deadlineMs: 200, regression });
    expect(report).toMatchObject({ complete: false, sampled: 1000 });
    expect(report.total.lines).toBeGreaterThan(50);
    expect(report.total.lines).toBeLessThan(300);
    expect(report.regression).toHaveLength(1);
  });

  test('lets others go before, and ends when it is told to', async () => {
    const many = Array.from({ length: 20_000 }, () => aLine());
    const stop = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 3) stop.abort(new Error('enough'));
    }, 1);
    const running = previewOf(world, [rule(percentOf(50))], many, { signal: stop.signal });
    await expect(running).rejects.toThrow('enough');
    clearInterval(timer);
    await expect(previewOf(world, [], [], { signal: stop.signal })).rejects.toThrow('enough');
  });

  test('holds no more than 20 examples, of each kind of difference one first', async () => {
    const many = [
      ...Array.from({ length: 30 }, (_, at) => aLine({ channel: `c${at}` })),
      aLine({ channel: 'last', query: '?force=-1' }),
    ];
    const { examples } = await previewOf(world, [rule({ release: 'A-3', fallback: 'A-3', ...percentOf(25) })], many);
    expect(examples).toHaveLength(20);
    expect(examples[1]?.url).toContain('force=-1');
  });
});
