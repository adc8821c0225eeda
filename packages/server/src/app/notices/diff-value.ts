import { briefText } from '../../brief-text.ts';
import { share } from '../../kinds/share.ts';

const longest = 120;

/** A value of an object in short, for people; nothing of it moves a terminal or ends a line. `''` for none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return briefText(value, longest);
  const read = typeof value === 'object' && 'kind' in value ? share.safeParse(value).data : undefined;
  if (read?.kind === 'percent') return `${read.percent} %`;
  if (read?.kind === 'ramp') {
    const steps = read.points.map(({ at, percent, by }) => `${percent} % ${by === 'line' ? 'by' : 'from'} ${at}`);
    const rolledBack = read.rollback && `back to ${read.rollback.percent} % from ${read.rollback.at}`;
    const paused = read.pauses?.length ? `${read.pauses.length} pauses` : undefined;
    return briefText(['ramp', ...[rolledBack, paused, ...steps].filter(Boolean)].join(', '), longest);
  }
  // Of much content only the beginning is of use, and writing all of it would take long.
  return briefText(JSON.stringify(value, shallow()), longest);
}

/** Leaves out what would not be shown anyway. */
function shallow(): (key: string, value: unknown) => unknown {
  let left = 200;
  return (_key, value) => {
    left -= 1;
    return left > 0 ? value : undefined;
  };
}
