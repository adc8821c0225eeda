import { expect, test } from 'vitest';
import { Refusals, type RefusalsTold } from './refusals.ts';

test('refusals are told together and then begin anew', () => {
  const heard: RefusalsTold[] = [];
  const each: string[] = [];
  const refusals = new Refusals({
    onEach: (reason) => void each.push(reason),
    onSome: (told) => void heard.push(told),
    withAddresses: false,
  });
  refusals.tell();
  const never = (): string => {
    throw new Error('nobody wants addresses');
  };
  for (const reason of ['rate', 'slow', 'rate'] as const) refusals.count(reason, never);
  expect(heard).toEqual([]);
  refusals.tell();
  refusals.tell();
  refusals.count('tls', never);
  refusals.tell();
  expect(heard).toEqual([{ counts: { rate: 2, slow: 1 } }, { counts: { tls: 1 } }]);
  expect(each).toEqual(['rate', 'slow', 'rate', 'tls']);
});

test('of very many addresses the ten that came most often are told', () => {
  const heard: RefusalsTold[] = [];
  const refusals = new Refusals({ onSome: (told) => void heard.push(told), withAddresses: true });
  for (let at = 0; at < 5000; at += 1) refusals.count('rate', () => `192.0.${at % 500}`);
  for (let at = 0; at < 100; at += 1) refusals.count('connections', () => '192.0.7');
  refusals.count('tls', () => undefined);
  refusals.tell();
  expect(heard[0]?.counts).toEqual({ rate: 5000, connections: 100, tls: 1 });
  const addresses = Object.entries(heard[0]?.addresses ?? {});
  expect(addresses).toHaveLength(10);
  expect(addresses[0]).toEqual(['192.0.7', 110]);
});
