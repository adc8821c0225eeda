import type { VersionCriterion, VersionEntry } from './criteria.ts';
import type { MozillaVersion, Version } from './version.ts';

/** Between which numbers, both included, the keys of all versions lie that meet a criterion; `low > high` where none does. */
export interface VersionBounds {
  readonly low: number;
  readonly high: number;
}

const none: VersionBounds = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
const most = 65_535;

/**
 * A number that never falls as versions rise, so that one comparison tells most versions apart. Two versions may have
 * the same. A version that has none is given `NaN`, which lies neither below nor above any bound.
 */
export function versionKey(version: Version | undefined): number {
  return version?.kind === 'mozilla' ? keyOf(version) : Number.NaN;
}

/** A part too large for its place stands for all that are larger, and whatever follows it counts no more. */
function keyOf({ major, minor, patch }: Pick<MozillaVersion, 'major' | 'minor' | 'patch'>): number {
  const rest = minor > most ? 2 ** 32 - 1 : minor * 2 ** 16 + Math.min(patch, most);
  return major * 2 ** 32 + rest;
}

/** The bounds for versions in Mozilla's scheme. */
export function versionBounds({ entries }: VersionCriterion): VersionBounds {
  return entries.map(boundsOf).reduce(
    (all, each) => ({
      low: Math.min(all.low, each.low),
      high: Math.max(all.high, each.high),
    }),
    none,
  );
}

function boundsOf(entry: VersionEntry): VersionBounds {
  if (entry.kind === 'prefix') {
    const [major = '', minor = ''] = entry.prefix.split('.');
    const endless = Number.POSITIVE_INFINITY;
    const low = { major: Number(major), minor: Number(minor), patch: 0 };
    const high = { major: Number(major), minor: minor === '' ? endless : Number(minor), patch: endless };
    return { low: keyOf(low), high: keyOf(high) };
  }
  const operand = entry.operands.mozilla;
  if (operand === undefined) return none;
  const key = versionKey(operand);
  const { operator } = entry;
  return {
    low: operator.startsWith('<') ? Number.NEGATIVE_INFINITY : key,
    high: operator.startsWith('>') ? Number.POSITIVE_INFINITY : key,
  };
}
