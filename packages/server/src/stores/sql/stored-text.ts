import { canonicalJson } from '../../canonical-json.ts';
import { Damage } from './damage.ts';

/**
 * Text as a column keeps it: plain, with JSON's escapes where they are needed.
 * libsql gives text back only up to its first NUL, PostgreSQL takes none, and half a surrogate pair has no UTF-8 form.
 */
export function toStoredText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The reverse of `toStoredText`; `owner` says in the complaint whose text it is. */
export function fromStoredText(stored: string, owner = 'a name or a note'): string {
  return String(parse(`"${stored}"`, owner));
}

/** A body as JSON text with sorted keys, so that equal values are equal texts. */
export function toStoredBody(body: unknown): string {
  return canonicalJson(body);
}

/** The reverse of `toStoredBody`; `owner` names the object in the complaint. */
export function fromStoredBody(stored: string, owner: string): unknown {
  return parse(stored, `the body of ${owner}`);
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Damage(`${what} is not JSON`, { cause });
  }
}
