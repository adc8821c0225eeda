import { expect, test } from 'vitest';
import { conditionIn } from './condition-options.ts';

test('a time is said with its zone or its offset, and any condition as YAML', () => {
  expect(conditionIn({})).toBeUndefined();
  expect(conditionIn({ at: '2026-12-01T10:00', zone: 'Europe/Berlin' })).toEqual({
    time: { after: '2026-12-01T10:00', zone: 'Europe/Berlin' },
  });
  expect(conditionIn({ at: '2026-12-01T10:00+01:00' })).toEqual({ time: { after: '2026-12-01T10:00+01:00' } });
  expect(conditionIn({ when: '{any: [{now: true}, {change: {id: 3, state: enacted}}]}' })).toEqual({
    any: [{ now: true }, { change: { id: 3, state: 'enacted' } }],
  });
});

test.each([
  [{ at: '2026-12-01T10:00' }, 'usage'],
  [{ zone: 'Europe/Berlin' }, 'usage'],
  [{ at: '2026-12-01T10:00Z', when: '{now: true}' }, 'usage'],
  [{ when: '{now: ' }, 'invalid-object'],
])('%j is refused', (options, code) => {
  expect(() => conditionIn(options)).toThrow(expect.objectContaining({ code }));
});
