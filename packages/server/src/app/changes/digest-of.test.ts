import type { Condition } from 'sluice';
import { expect, test } from 'vitest';
import type { ChangeEdit } from '../../change.ts';
import { digestOf } from './digest-of.ts';

const condition: Condition = { all: [{ now: true }, { approval: { role: 'qa', count: 2 } }] };
const put: ChangeEdit = { op: 'put', kind: 'rule', name: '1', expectedVersion: 3, body: { priority: 1, comment: 'c' } };
const patch: ChangeEdit = { op: 'patch', kind: 'rule', name: '2', expectedVersion: 1, patch: { share: null, a: [1] } };
const remove: ChangeEdit = { op: 'delete', kind: 'pin', name: 'p', expectedVersion: 9 };
const edits = [put, patch, remove];

test('a digest is SHA-256 in hex and the same for the same', () => {
  expect(digestOf({ edits, condition })).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf({ edits: structuredClone(edits), condition: structuredClone(condition) })).toBe(
    digestOf({ edits, condition }),
  );
});

test('neither versions nor the order of keys make another', () => {
  const rebased = edits.map((edit) => ({ ...edit, expectedVersion: 20, madeVersion: 21 }));
  expect(digestOf({ edits: rebased, condition })).toBe(digestOf({ edits, condition }));
  const turned = { ...put, body: { comment: 'c', priority: 1 } };
  expect(digestOf({ edits: [turned, patch, remove], condition })).toBe(digestOf({ edits, condition }));
});

test('whatever else people see makes another', () => {
  const others: readonly Parameters<typeof digestOf>[0][] = [
    { edits, condition },
    { edits, condition: { now: true } },
    { edits, condition: { all: [{ now: true }, { approval: { role: 'qa', count: 1 } }] } },
    { edits: [put, patch], condition },
    { edits: [{ ...put, name: '3' }, patch, remove], condition },
    { edits: [{ ...put, body: { priority: 2, comment: 'c' } }, patch, remove], condition },
    { edits: [{ ...put, body: {} }, patch, remove], condition },
    { edits: [put, { ...patch, patch: { a: [1] } }, remove], condition },
    { edits: [put, { ...patch, patch: { share: null, a: [1, 1] } }, remove], condition },
    { edits: [put, patch, { ...remove, kind: 'rule' }], condition },
    { edits: [{ ...put, op: 'patch', patch: { priority: 1, comment: 'c' } }, patch, remove], condition },
  ];
  expect(new Set(others.map(digestOf)).size).toBe(others.length);
});
