import { Problem } from '../problem.ts';

/** Parses JSON, and where that fails says at which line and column. @throws Problem `invalid-import`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = placeOf(text, offsetIn(message) ?? faultIn(text));
    const complaint = message.replace(/ in JSON at .*|, (?:\.{3})?".*/s, '');
    throw new Problem('invalid-import', `not JSON at ${at}`, [{ at, message: complaint }]);
  }
}

function offsetIn(message: string): number | undefined {
  const match = /at position (\d+)/.exec(message);
  return match === null ? undefined : Number(match[1]);
}

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** V8 does not say where an unexpected token stands: the first one that cannot, or the end of the text. */
function faultIn(text: string): number {
  const open: string[] = [];
  let wanted = 'value';
  let at = 0;
  for (;;) {
    while (/[ \t\n\r]/.test(text.charAt(at))) at += 1;
    const sign = text.charAt(at);
    const end = sign === '"' ? endOfString(text, at) : endOfScalar(text, at);
    if (sign === '') return at;
    if (wanted === 'colon') {
      if (sign !== ':') return at;
      wanted = 'value';
    } else if (wanted === 'comma') {
      if (sign === open.at(-1)) open.pop();
      else if (sign === ',' && open.length > 0) wanted = open.at(-1) === '}' ? 'key' : 'value';
      else return at;
    } else if (wanted.startsWith('key') && sign === '"') {
      wanted = 'colon';
    } else if (wanted.startsWith('value') && (sign === '{' || sign === '[')) {
      open.push(sign === '{' ? '}' : ']');
      wanted = sign === '{' ? 'key or end' : 'value or end';
    } else if (wanted.endsWith('end') && sign === open.at(-1)) {
      open.pop();
      wanted = 'comma';
    } else if (wanted.startsWith('value') && end > at) {
      wanted = 'comma';
    } else return at;
    at = Math.max(end, at + 1);
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endOfScalar(text: string, start: number): number {
  scalar.lastIndex = start;
  return scalar.test(text) ? scalar.lastIndex : start;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
