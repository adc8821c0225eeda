import { type ArrayLiteral, type Entry, emptyArray, type Key, keyOf, type Literal, put } from './literal.ts';
import { mistakeHere, notComputed, type Reading, show, skipValue, startsStatement, visible } from './reading.ts';
import { endsStatement, isSymbol, isWord, type Token } from './token.ts';

/** AUS2's arrays are three deep; the bound keeps hostile texts from exhausting the stack. */
const deepest = 32;

/** Reads a value that is written out. Anything that would have to be run or looked up is a mistake. */
export function readLiteral(reading: Reading, depth = 0): Literal {
  const { tokens, findings } = reading;
  const token = tokens.current;
  const { at } = token;
  switch (token.kind) {
    case 'string':
      tokens.advance();
      if (token.trouble === undefined) return { kind: 'string', at, value: token.value };
      findings.mistake(at, token.trouble);
      return { kind: 'unread', at, text: token.value };
    case 'integer':
      tokens.advance();
      return { kind: 'integer', at, value: token.value };
    case 'float':
      tokens.advance();
      return { kind: 'float', at, text: tokens.text.slice(at, token.end) };
    case 'bare':
      return refuse(reading, `${show(reading, token)} is not a number: a version is written in quotes`);
    case 'word':
      return readWord(reading, token.text.toLowerCase(), depth);
    case 'symbol':
      return readSymbol(reading, depth);
    case 'variable':
      return refuse(reading, `${show(reading, token)} is not looked up: only plain values are read`);
    default:
      return refuse(reading, 'a value is missing here');
  }
}

function refuse(reading: Reading, message: string): Literal {
  const { tokens } = reading;
  const token = tokens.current;
  const { at } = token;
  mistakeHere(reading, message);
  skipValue(reading);
  return { kind: 'unread', at, text: tokens.text.slice(at, token.end) };
}

function readWord(reading: Reading, word: string, depth: number): Literal {
  const { tokens, findings } = reading;
  const token = tokens.current;
  const { at } = token;
  if (word === 'array') {
    tokens.advance();
    if (isSymbol(tokens.current, '(')) return readArray(reading, at, ')', depth);
    findings.mistake(at, 'a `(` is missing after `array`');
    skipValue(reading);
    return { kind: 'unread', at, text: '' };
  }
  if (word !== 'true' && word !== 'false' && word !== 'null') {
    return refuse(
      reading,
      `${show(reading, token)} is not looked up or run: only plain values are read (a text needs quotes)`,
    );
  }
  tokens.advance();
  return word === 'null' ? { kind: 'null', at } : { kind: 'boolean', at, value: word === 'true' };
}

function readSymbol(reading: Reading, depth: number): Literal {
  const { tokens } = reading;
  const sign = tokens.current;
  if (isSymbol(sign, '[')) return readArray(reading, sign.at, ']', depth);
  if (isSymbol(sign, '-', '+')) {
    tokens.advance();
    const number = tokens.current;
    if (number.kind === 'integer') {
      tokens.advance();
      return { kind: 'integer', at: sign.at, value: isSymbol(sign, '-') ? -number.value : number.value };
    }
    if (number.kind !== 'float') return refuse(reading, 'a number is missing after the sign');
    tokens.advance();
    return { kind: 'float', at: sign.at, text: tokens.text.slice(sign.at, number.end) };
  }
  if (isSymbol(sign, ',', '=>', ')', ']', ';', '?>'))
    return refuse(reading, `a value is missing before ${show(reading, sign)}`);
  return refuse(reading, `${notComputed}: ${show(reading, sign)} is not expected here`);
}

function readArray(reading: Reading, at: number, close: ')' | ']', depth: number): Literal {
  const { tokens, findings } = reading;
  if (depth === deepest) return refuse(reading, `arrays are nested more than ${deepest} deep`);
  const array = emptyArray(at);
  tokens.advance();
  for (;;) {
    const token = tokens.current;
    if (isSymbol(token, ')', ']')) {
      if (!isSymbol(token, close)) {
        findings.mistake(
          token.at,
          `${show(reading, token)} does not close the array that begins at ${findings.place(at)}`,
        );
      }
      tokens.advance();
      return array;
    }
    if (endsArray(token)) {
      if (token.kind !== 'end' || token.swallowedFrom === undefined) findings.mistake(at, 'this array is never closed');
      return array;
    }
    if (isSymbol(token, ',')) {
      findings.mistake(token.at, 'a value is missing before `,`');
      tokens.advance();
    } else readEntry(reading, array, depth);
  }
}

/** An array cannot hold `;` nor begin a line with a known assignment: there the closing bracket has been forgotten. */
function endsArray(token: Token): boolean {
  return endsStatement(token) || (token.newLine && startsStatement(token));
}

function readEntry(reading: Reading, array: ArrayLiteral, depth: number): void {
  const { tokens, findings } = reading;
  const first = readLiteral(reading, depth + 1);
  const arrow = readArrow(reading);
  if (arrow === 'none') put(array, undefined, first);
  else {
    const key = readKey(reading, first);
    const value = readLiteral(reading, depth + 1);
    const kept = arrow === 'written' || value.kind === 'array';
    const shown = kept ? value : ({ kind: 'unread', at: value.at, text: '' } as const);
    warnOfTwice(reading, key, put(array, key, shown));
  }
  if (isSymbol(tokens.current, '=>')) {
    findings.mistake(tokens.current.at, 'a `,` is missing before this `=>`');
    tokens.advance();
    skipValue(reading);
  }
  endEntry(reading);
}

/** Answers `guessed` where a value follows on the same line with nothing between, so that a `=>` or `,` is missing. */
function readArrow(reading: Reading): 'written' | 'guessed' | 'none' {
  const { tokens, findings } = reading;
  const token = tokens.current;
  if (isSymbol(token, '=>', '=', '->', ':', '==', '>=')) {
    if (!isSymbol(token, '=>')) findings.mistake(token.at, `\`=>\` is needed here instead of ${show(reading, token)}`);
    tokens.advance();
    return 'written';
  }
  if (token.newLine || !(startsValue(token) || isSymbol(token, '['))) return 'none';
  findings.mistake(token.at, `a \`=>\` or \`,\` is missing before ${show(reading, token)}`);
  return 'guessed';
}

function startsValue(token: Token): boolean {
  return ['string', 'integer', 'float', 'bare'].includes(token.kind) || isWord(token, 'array', 'true', 'false', 'null');
}

/** The key that a value makes. One that PHP would alter keeps its text, so that the rest can be read. */
export function readKey({ findings }: Reading, first: Literal): Key {
  const key = keyOf(first);
  if (typeof key !== 'string') return key;
  findings.mistake(first.at, key);
  return { text: first.kind === 'float' ? first.text : first.kind, integer: false, at: first.at };
}

export function warnOfTwice({ findings }: Reading, key: Key | undefined, replaced: Entry | undefined): void {
  if (key === undefined || replaced === undefined) return;
  findings.warning(
    key.at,
    `the key '${visible(key.text)}' is already at ${findings.place(replaced.at)}: the later value counts`,
  );
}

function endEntry(reading: Reading): void {
  const { tokens, findings } = reading;
  const token = tokens.current;
  if (isSymbol(token, ')', ']') || endsArray(token)) return;
  if (isSymbol(token, ',')) {
    tokens.advance();
  } else if (token.newLine && token.kind !== 'symbol') {
    findings.mistake(tokens.previousEnd, 'a `,` is missing here');
  } else {
    const operator = `${notComputed}: ${show(reading, token)} is not expected here`;
    refuse(
      reading,
      token.kind === 'symbol' ? operator : `a \`,\` or a quote is missing before ${show(reading, token)}`,
    );
    if (isSymbol(tokens.current, ',')) tokens.advance();
  }
}
