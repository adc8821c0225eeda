import { Problem } from '../problem.ts';

/** Parses JSON, and where that fails says at which line and column. @throws Problem `invalid-import`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = placeOf(text, offsetIn(message) ?? text.length);
    throw new Problem('invalid-import', `not JSON at ${at}`, [{ at, message: message.replace(/ in JSON at .*/, '') }]);
  }
}

function offsetIn(message: string): number | undefined {
  const match = /at position (\d+)/.exec(message);
  return match === null ? undefined : Number(match[1]);
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
