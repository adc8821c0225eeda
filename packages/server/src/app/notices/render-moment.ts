/** A moment for people, in UTC: the time only where it is of the same day as now. */
export function momentText(atMs: number, nowMs: number): string {
  const text = fullMomentText(atMs);
  return text.slice(0, 10) === fullMomentText(nowMs).slice(0, 10) ? text.slice(11) : text;
}

/** A moment for people, in UTC, with its day: `2026-12-01 14:00Z`. */
export function fullMomentText(atMs: number): string {
  const [day = '', time = ''] = new Date(atMs).toISOString().split('T');
  return `${day} ${time.replace(/\.\d+Z$/, 'Z').replace(/:00Z$/, 'Z')}`;
}
