import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit } from './admission.ts';
import type { Unit } from './model.ts';
import { everybody, nobody, nowServing } from './now-serving.ts';
import { lastTicket, ticket } from './ticket.ts';

const salt = 'k3v9x0q7m1z5c8b2';
const nameless: Unit = { kind: 'none' };
const named: Unit = { kind: 'id', id: 'install-42' };
const missing: Unit = { kind: 'id', id: '' };

function undrawn(): number {
  throw new Error('no ticket was to be drawn');
}

describe('admission', () => {
  test('draws anew for each request that has no unit', () => {
    const tickets = [1, 4_194_303, 4_194_304, lastTicket];
    const draw = () => tickets.shift() ?? 0;
    const admitted = [1, 2, 3, 4].map(() => admit(nowServing(25), salt, nameless, draw)?.admitted);
    expect(admitted).toEqual([true, true, false, false]);
  });

  test('computes the ticket of a unit and draws none', () => {
    const mine = ticket(salt, 'install-42');
    expect(admit(mine + 1, salt, named, undrawn)).toEqual({ ticket: mine, nowServing: mine + 1, admitted: true });
    expect(admit(mine, salt, named, undrawn)).toEqual({ ticket: mine, nowServing: mine, admitted: false });
  });

  test('needs no ticket where nobody or everybody is served', () => {
    for (const unit of [nameless, named]) {
      expect(admit(nobody, salt, unit, undrawn)).toEqual({ ticket: undefined, nowServing: 0, admitted: false });
      expect(admit(everybody, salt, unit, undrawn)).toEqual({
        ticket: undefined,
        nowServing: 16_777_215,
        admitted: true,
      });
    }
  });

  test('is none for a missing unit, not even where everybody is served', () => {
    for (const serving of [nobody, nowServing(50), everybody]) {
      expect(admit(serving, salt, missing, undrawn)).toBe(undefined);
    }
  });

  test('knows no special id: `undefined`, `null` and a blank are ids like any other', () => {
    for (const id of ['undefined', 'null', ' ', '0', '__proto__']) {
      expect(admit(nowServing(50), salt, { kind: 'id', id }, undrawn)?.ticket).toBe(ticket(salt, id));
    }
  });

  test('of a unit, once given at a share, is given at every higher one', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 0, max: 16_777_215 }),
        fc.integer({ min: 0, max: 16_777_215 }),
        (id, one, other) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          const before = admit(low, salt, { kind: 'id', id }, undrawn);
          const then = admit(high, salt, { kind: 'id', id }, undrawn);
          if (before?.admitted) expect(then?.admitted).toBe(true);
        },
      ),
    );
  });
});
