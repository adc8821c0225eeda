import type { Findings } from './findings.ts';
import { endsStatement, isSymbol, isWord, type Token } from './token.ts';
import type { Tokens } from './tokens.ts';

/** What reading a text carries along. */
export interface Reading {
  readonly tokens: Tokens;
  readonly findings: Findings;
}

export const notComputed = 'only plain values are read, nothing is computed';

/** The variables and constants of AUS2 that say how updates are throttled. */
export const variables = ['productThrottling', 'throttleExceptions'] as const;
export const constants = ['THROTTLE_GLOBAL', 'THROTTLE_LEVEL'] as const;

export type Variable = (typeof variables)[number];
export type Constant = (typeof constants)[number];

export function asVariable(token: Token): Variable | undefined {
  return token.kind === 'variable' ? variables.find((name) => name === token.name) : undefined;
}

export function asConstant(text: string): Constant | undefined {
  return constants.find((name) => name === text);
}

/** Whether a new statement seems to begin here, although the one before did not end. */
export function startsStatement(token: Token): boolean {
  return asVariable(token) !== undefined || isWord(token, 'define');
}

/** A text for a message: short, and without characters that cannot be seen. */
export function visible(text: string): string {
  const shown = text.slice(0, 40).replace(/[^ -~]/gu, (unit) => {
    return `U+${(unit.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return text.length > 40 ? `${shown}…` : shown;
}

export function show({ tokens: { text } }: Reading, token: Token): string {
  return token.kind === 'end' ? 'the end of the file' : `\`${visible(text.slice(token.at, token.end))}\``;
}

/** A mistake at the current token. At an end that a comment took in, the comment is the mistake. */
export function mistakeHere({ tokens, findings }: Reading, message: string): void {
  const token = tokens.current;
  if (token.kind !== 'end' || token.swallowedFrom === undefined) findings.mistake(token.at, message);
}

/** After a mistake: goes on to the next `,`, `=>` or closing bracket of the same array, or to the statement's end. */
export function skipValue({ tokens, findings }: Reading): void {
  const from = tokens.current.at;
  let open = 0;
  for (let sameLine = true; ; tokens.advance()) {
    const token = tokens.current;
    if (token.at > from && token.newLine) sameLine = false;
    if (endsStatement(token) || (token.newLine && startsStatement(token))) return;
    if (open === 0 && isSymbol(token, ',', '=>', ')', ']')) return;
    if (isSymbol(token, '(', '[')) open += 1;
    if (isSymbol(token, ')', ']')) open -= 1;
    // The first mistake of a line usually is the cause of the quotes that do not match behind it.
    if (token.kind === 'string' && !token.closed && !sameLine) findings.mistake(token.at, token.trouble ?? '');
  }
}

/** Goes over the `;` of a statement that has been read, or says that it is missing. */
export function endStatement(reading: Reading): void {
  const { tokens, findings } = reading;
  const token = tokens.current;
  if (token.kind === 'end') {
    if (token.swallowedFrom === undefined) findings.mistake(tokens.previousEnd, 'a `;` is missing here');
  } else if (endsStatement(token)) {
    tokens.advance();
  } else if (startsStatement(token) || (token.newLine && token.kind !== 'symbol')) {
    findings.mistake(tokens.previousEnd, 'a `;` is missing here');
  } else {
    abandonStatement(reading, `${notComputed}: ${show(reading, token)} is not expected here`);
  }
}

/** Tells the mistake at the current token and goes on behind the next `;`, or before what seems to be a new statement. */
export function abandonStatement(reading: Reading, message: string): void {
  const { tokens } = reading;
  mistakeHere(reading, message);
  while (!endsStatement(tokens.current)) {
    if (tokens.current.newLine && startsStatement(tokens.current)) return;
    tokens.advance();
  }
  if (tokens.current.kind !== 'end') tokens.advance();
}
