import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { problemOf } from '../problem.ts';

/** Parses JSON, and where that fails says at which line and column. @throws Problem `invalid-import`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's own message names no place, or an offset, depending on its version and on the mistake.
    const faults: ParseError[] = [];
    try {
      parse(text, faults, { disallowComments: true });
    } catch {
      // Nested deeper than its stack: what it found until then counts.
    }
    const [fault] = faults;
    const at = lineAndColumn(text, fault?.offset ?? text.length);
    const message = fault === undefined ? String(error) : inWords(printParseErrorCode(fault.error));
    throw problemOf('invalid-import', [{ at, message: `not JSON: ${message}` }]);
  }
}

/** `CommaExpected` as `comma expected`. */
function inWords(code: string): string {
  return code
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^invalid symbol$/, 'this stands for no value');
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
