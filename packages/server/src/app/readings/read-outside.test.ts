import { expect, test } from 'vitest';
import { signal as kind, type SignalBody } from '../../kinds/signal.ts';
import type { Outside, OutsideSignal } from '../../signal.ts';
import { readOutside } from './read-outside.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const written = { source: 'http-json', url: 'https://a.example.org/', value: '', timeout: 'PT0.1S' };
const body = kind.schema.parse(written) as Extract<SignalBody, { readonly source: 'http-json' }>;
const outside: Outside = { ask: () => expect.fail('nothing is asked'), secret: () => expect.fail('no secret') };

async function readBy(read: OutsideSignal<'http-json'>['read'], source: 'http-json' | 'prometheus' = 'http-json') {
  const bugs: unknown[] = [];
  const signals = [{ source, summary: '', read }] as unknown as readonly OutsideSignal[];
  const reading = await readOutside(body, { signals, outside, nowMs, onBug: (bug) => bugs.push(bug) });
  return { reading, bugs };
}

test('what a signal reads is what is read', async () => {
  const found = { asOfMs: nowMs - 5, value: 3, note: 'counted' };
  expect(await readBy(async () => found)).toEqual({ reading: found, bugs: [] });
});

test('a signal that never ends is left behind a second after its time', async () => {
  const { reading, bugs } = await readBy(() => new Promise(() => {}));
  expect(reading).toEqual({ asOfMs: nowMs, note: 'it was not read within 1.1 s' });
  expect(bugs).toEqual([]);
});

test('a signal with a bug harms nothing else and is told', async () => {
  const { reading, bugs } = await readBy(() => Promise.reject(new TypeError('oh')));
  expect(reading).toEqual({ asOfMs: nowMs, note: expect.stringContaining('nobody foresaw') });
  expect(bugs).toEqual([new TypeError('oh')]);
});

test('what is no number is no value', async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const { reading } = await readBy(async () => ({ asOfMs: nowMs, value, note: 'odd' }));
    expect(reading).toEqual({ asOfMs: nowMs, note: 'odd' });
  }
});

test('a source that nothing here reads is unknown', async () => {
  const { reading } = await readBy(() => expect.fail('not this one'), 'prometheus');
  expect(reading.note).toBe('nothing here reads signals of http-json');
});
