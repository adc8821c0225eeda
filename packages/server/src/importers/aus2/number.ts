import type { Token } from './token.ts';

const run = /[\w.\u0080-\uffff]+/y;
const exponent = /[+-]\d+/y;
const largest = 2n ** 63n - 1n;

/** No number that fits 64 bits is longer, binary digits and their underscores included. */
const longest = 130;

/** Reads from a digit, or a point before one, all that touches it: a version without quotes comes out in one piece. */
export function readNumber(text: string, at: number, newLine: boolean): Token {
  run.lastIndex = at;
  const written = run.exec(text)?.[0] ?? '';
  const end = at + written.length;
  exponent.lastIndex = end;
  const power = (/^[\d._]+e$/i.test(written.slice(0, longest)) && exponent.exec(text)?.[0]) || '';
  return { ...classify(written + power), at, end: end + power.length, newLine };
}

type Classified = { readonly kind: 'integer'; readonly value: bigint } | { readonly kind: 'float' | 'bare' };

function classify(written: string): Classified {
  if (written.length > longest) return { kind: 'bare' };
  const digits = written.replace(/(?<=[\da-f])_(?=[\da-f])/gi, '');
  if (/^(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i.test(digits)) {
    const value = BigInt(digits.replace(/^0(?=[0-7])/, '0o'));
    return value <= largest ? { kind: 'integer', value } : { kind: 'float' };
  }
  const float = /^(?:\d*\.\d+|\d+\.)(?:e[+-]?\d+)?$|^\d+e[+-]?\d+$/i;
  return { kind: float.test(digits) ? 'float' : 'bare' };
}
