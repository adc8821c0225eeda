import { Damage } from './damage.ts';

/**
 * Text as a column keeps it: plain, with JSON's escapes where they are needed.
 * libsql gives text back only up to its first NUL, PostgreSQL takes none, and half a surrogate pair has no UTF-8 form.
 */
export function toStoredText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The reverse of `toStoredText`. */
export function fromStoredText(stored: string): string {
  return String(parse(`"${stored}"`, 'a name or a note'));
}

/** A body as JSON text with sorted keys, so that equal values are equal texts. */
export function toStoredBody(body: unknown): string {
  const text = JSON.stringify(body, (_key, value: unknown) => (isRecord(value) ? sortKeys(value) : value));
  if (text === undefined) throw new TypeError(`A body must be plain JSON, not a ${typeof body}.`);
  return text;
}

/** The reverse of `toStoredBody`; `owner` names the object in the complaint. */
export function fromStoredBody(stored: string, owner: string): unknown {
  return parse(stored, `the body of ${owner}`);
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

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Damage(`${what} is not JSON`, { cause });
  }
}
