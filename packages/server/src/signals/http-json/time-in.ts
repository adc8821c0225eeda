import { moment } from '../../kinds/fields.ts';
import { NotKnown } from '../../not-known.ts';

/** In seconds this is the year 5138, in milliseconds 1973. */
const leastMs = 1e11;

/** The time that a value is, in milliseconds since 1970: RFC 3339, or seconds or milliseconds since 1970. @throws NotKnown. */
export function timeIn(found: unknown, pointer: string): number {
  const timeMs =
    typeof found === 'number'
      ? found * (Math.abs(found) < leastMs ? 1000 : 1)
      : moment.safeParse(found).success
        ? Date.parse(found as string)
        : Number.NaN;
  if (Number.isFinite(timeMs)) return timeMs;
  throw new NotKnown(`what stands at ${pointer || 'its root'} is no time`);
}
