import { expect, test } from 'vitest';
import { type PolicyBody, policy } from '../kinds/policy.ts';
import { afterOf } from './after.fixture.ts';
import { reviewSigners } from './review-signers.ts';

const body = (more: Partial<PolicyBody>) => policy.schema.parse({ role: 'releng', signOffs: 1, ...more });
const holds = (...roles: readonly string[]) => ({ roles, disabled: false });

test('policies that one person would have to sign for in two roles are told of', () => {
  const policies = { a: body({ channel: 'release*' }), b: body({ role: 'relman', product: 'Firefox' }) };
  const both = holds('releng', 'relman');
  const after = (user: Readonly<Record<string, unknown>>) => afterOf({ policy: policies, user });
  expect(reviewSigners(policies.a, after({ ada: both, eve: holds('qa') }))).toEqual([
    {
      path: ['signOffs'],
      message: 'a change that meets all policies here needs 2 people, as each signs in one role: 1 hold releng, relman',
    },
  ]);
  expect(reviewSigners(policies.a, after({ ada: both, mary: holds('relman') }))).toEqual([]);
});

test('policies that no change meets together are not added up, nor those of one role', () => {
  const user = { ada: holds('releng', 'relman') };
  const apart = { a: body({ product: 'Firefox' }), b: body({ role: 'relman', product: 'Thunderbird' }) };
  expect(reviewSigners(apart.a, afterOf({ policy: apart, user }))).toEqual([]);
  const alike = { a: body({ product: 'Firefox' }), b: body({ channel: 'release' }) };
  expect(reviewSigners(alike.a, afterOf({ policy: alike, user }))).toEqual([]);
});
