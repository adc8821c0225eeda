import type { Admission } from './decision.ts';
import type { Unit } from './model.ts';
import { admits, everybody, nobody } from './now-serving.ts';
import { type Draw, ticket } from './ticket.ts';

/**
 * Applies the one rule of admission. A protocol without unit ids draws a ticket for the request; one with them
 * computes the unit's own. No ticket is needed where nobody or everybody is admitted.
 * `undefined` says that the unit id is missing, which admits nowhere, not even where everybody is served.
 */
export function admit(serving: number, salt: string, unit: Unit, draw: Draw): Admission | undefined {
  if (unit.kind === 'id' && unit.id === '') return undefined;
  if (serving <= nobody) return { ticket: undefined, nowServing: serving, admitted: false };
  if (serving >= everybody) return { ticket: undefined, nowServing: serving, admitted: true };
  const mine = unit.kind === 'id' ? ticket(salt, unit.id) : draw();
  return { ticket: mine, nowServing: serving, admitted: admits(serving, mine) };
}
