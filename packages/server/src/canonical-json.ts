/**
 * A value as JSON text with sorted keys, so that equal values are equal texts.
 * @throws TypeError for what JSON has no words for, such as `undefined` and functions.
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortKeys(inner) : inner));
  if (text === undefined) throw new TypeError(`This must be plain JSON, not a ${typeof value}.`);
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `fromEntries` defines members where an assignment would lose one called `__proto__`. */
function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  );
}
