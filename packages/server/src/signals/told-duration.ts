const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A length of time in words for a note, in the largest unit of which it is a whole number: `24 hours` are `1 day`. */
export function toldDuration(ms: number): string {
  const [name, unitMs] = units.find(([, each]) => ms >= each && ms % each === 0) ?? ['second', 1000];
  const number = ms / unitMs;
  return `${number} ${name}${number === 1 ? '' : 's'}`;
}
