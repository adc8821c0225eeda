import { describe, expect, test } from 'vitest';
import { type RuleBody, rule } from '../kinds/rule.ts';
import { afterOf } from './after.fixture.ts';
import { reviewRule } from './review-rule.ts';

const after = afterOf({
  release: { a: {} },
  rule: { '1': { alias: 'taken' }, '2': { alias: 'mine' } },
});

/** What is said of a rule, that its release is fine left aside. */
function findingsOf(more: Partial<RuleBody>): readonly string[] {
  const body = rule.schema.parse({ priority: 1, release: 'a', ...more });
  return reviewRule('2', body, after).map(
    ({ path, message, code }) => `${code ?? 'note'} ${path.join('.')}: ${message}`,
  );
}

describe('a rule is doubtful', () => {
  test.each<[Partial<RuleBody>, string]>([
    [{ release: 'b' }, 'object-not-found release: there is no release b'],
    [{ fallback: 'b' }, 'object-not-found fallback: there is no release b'],
    [{ version: '60.0b3' }, 'invalid-object version: no version can be read from 60.0b3'],
    [{ version: '1.0,<59,2.0,=3' }, 'invalid-object version: no version can be read from <59, =3'],
    [{ buildId: '<' }, 'invalid-object buildId: nothing can meet this'],
    [{ buildId: '==1' }, 'invalid-object buildId: nothing can meet this'],
    [{ memory: 'much' }, 'invalid-object memory: nothing can meet this'],
    [{ memory: '>1.5' }, 'invalid-object memory: nothing can meet this'],
    [{ channel: '*' }, 'invalid-object channel: a glob needs two characters before its *'],
    [{ channel: 'r*' }, 'invalid-object channel: a glob needs two characters before its *'],
    [{ alias: 'taken' }, 'invalid-object alias: rule 1 has this alias too'],
  ])('with %j', (more, finding) => {
    expect(findingsOf(more)).toEqual([finding]);
  });

  test('in several ways at once, and each is told', () => {
    const more = { release: 'b', fallback: 'c', version: 'x', buildId: '!', memory: '!', channel: '*', alias: 'taken' };
    expect(findingsOf(more).map((finding) => finding.split(':')[0])).toEqual([
      'object-not-found release',
      'object-not-found fallback',
      'invalid-object version',
      'invalid-object buildId',
      'invalid-object memory',
      'invalid-object channel',
      'invalid-object alias',
    ]);
  });
});

describe('a rule is fine', () => {
  test.each<Partial<RuleBody>>([
    { fallback: 'a', alias: 'mine' },
    { alias: 'free' },
    { version: '<2.0, >=1.0,99.*,3.6.3plugin1' },
    { version: '<2', product: 'FirefoxVPN' },
    { buildId: '>=2026', memory: '<=8192', channel: 'rel*' },
    { buildId: '20260101000000', memory: '0', channel: 'r' },
  ])('with %j', (more) => {
    expect(findingsOf(more)).toEqual([]);
  });
});

test('a rule without a release is only worth a note', () => {
  const body = rule.schema.parse({ priority: 1 });
  expect(reviewRule('2', body, after)).toEqual([
    { path: ['release'], message: 'no release: whoever matches gets nothing' },
  ]);
});
