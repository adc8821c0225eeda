import type { Findings } from './findings.ts';
import { emptyArray, type Key, type Literal, put } from './literal.ts';
import { readKey, readLiteral, warnOfTwice } from './read-literal.ts';
import {
  abandonStatement,
  asConstant,
  asVariable,
  type Constant,
  constants,
  endStatement,
  type Reading,
  type Variable,
  variables,
} from './reading.ts';
import { skipStatement } from './skip-statement.ts';
import { isSymbol, isWord, neverClosed } from './token.ts';
import { Tokens } from './tokens.ts';

/** The last values of the variables and the first of the constants, as PHP would have them at the end of the file. */
export interface ReadConfig {
  readonly variables: ReadonlyMap<Variable, Literal>;
  readonly constants: ReadonlyMap<Constant, Literal>;
}

interface Draft extends Reading {
  readonly variables: Map<Variable, Literal>;
  readonly constants: Map<Constant, Literal>;
}

/** Reads a configuration statement by statement; what is wrong goes to the findings. */
export function readConfig(text: string, findings: Findings): ReadConfig {
  const draft: Draft = { tokens: new Tokens(text), findings, variables: new Map(), constants: new Map() };
  const { tokens } = draft;
  while (tokens.current.kind !== 'end') readStatement(draft);
  if (tokens.current.swallowedFrom !== undefined) {
    findings.mistake(tokens.current.swallowedFrom, neverClosed);
  }
  return draft;
}

function readStatement(draft: Draft): void {
  const { tokens } = draft;
  const name = asVariable(tokens.current);
  if (tokens.current.kind === 'printed') readPrinted(draft);
  else if (name !== undefined) readAssignment(draft, name);
  else if (isWord(tokens.current, 'define')) readDefine(draft);
  else if (isSymbol(tokens.current, ';', '?>')) tokens.advance();
  else skipStatement(draft);
  tokens.oneLine = false;
}

function readPrinted({ tokens, findings }: Draft): void {
  const { at, end } = tokens.current;
  const printed = tokens.text.slice(at, end);
  if ([...variables, ...constants].some((name) => printed.includes(name))) {
    findings.mistake(at, 'this stands outside of `<?php … ?>`, where PHP prints a text and reads nothing');
  } else findings.warning(at, 'PHP prints this text, as it stands outside of `<?php … ?>`');
  tokens.advance();
}

/** A step of `$name['a'][]`: a key, or `undefined` for the next free one. */
type Step = Key | undefined;

function readAssignment(draft: Draft, name: Variable): void {
  const { tokens } = draft;
  const { at } = tokens.current;
  tokens.oneLine = true;
  tokens.advance();
  const steps = readSteps(draft);
  if (steps === undefined || !expect(draft, '=', 'only a plain `=` is read here: nothing is run')) return;
  const value = readLiteral(draft);
  endStatement(draft);
  assign(draft, name, at, steps, value);
}

function readSteps(draft: Draft): readonly Step[] | undefined {
  const { tokens } = draft;
  const steps: Step[] = [];
  while (isSymbol(tokens.current, '[')) {
    tokens.advance();
    steps.push(isSymbol(tokens.current, ']') ? undefined : readKey(draft, readLiteral(draft)));
    if (!expect(draft, ']', 'a `]` is missing here')) return undefined;
  }
  return steps;
}

/** Goes over a symbol that must stand here; without it the statement is given up. */
function expect(draft: Draft, sign: string, otherwise: string): boolean {
  const { tokens } = draft;
  if (isSymbol(tokens.current, sign)) tokens.advance();
  else {
    abandonStatement(draft, otherwise);
    return false;
  }
  return true;
}

function assign(draft: Draft, name: Variable, at: number, steps: readonly Step[], value: Literal): void {
  const { findings } = draft;
  const before = draft.variables.get(name);
  const last = steps.length - 1;
  if (last < 0) {
    if (before !== undefined) findings.warning(at, `$${name} is set a second time: only what follows counts`);
    draft.variables.set(name, value);
    return;
  }
  let array = before ?? emptyArray(at);
  if (before === undefined) draft.variables.set(name, array);
  for (const [index, step] of steps.entries()) {
    if (array.kind === 'unread') return;
    if (array.kind !== 'array') {
      findings.mistake(step?.at ?? at, 'this is not a key of an array');
      return;
    }
    if (index === last) {
      warnOfTwice(draft, step, put(array, step, value));
      return;
    }
    // PHP makes the arrays on the way to the key, also in the place of a null.
    const there: Literal | undefined = step === undefined ? undefined : array.entries.get(step.text)?.value;
    const next: Literal = there === undefined || there.kind === 'null' ? emptyArray(step?.at ?? at) : there;
    if (next !== there) put(array, step, next);
    array = next;
  }
}

function readDefine(draft: Draft): void {
  const { tokens, findings } = draft;
  const start = tokens.current;
  tokens.oneLine = true;
  tokens.advance();
  const bracket = tokens.current;
  if (!expect(draft, '(', 'a `(` is missing after `define`')) return;
  const token = tokens.current;
  const name = asConstant(token.kind === 'string' ? token.value : token.kind === 'word' ? token.text : '');
  if (name === undefined) {
    tokens.oneLine = false;
    skipStatement(draft, bracket);
    return;
  }
  if (token.kind !== 'string') findings.mistake(token.at, `quotes are missing around ${name}`);
  else if (token.trouble !== undefined) findings.mistake(token.at, token.trouble);
  tokens.advance();
  if (!expect(draft, ',', `a \`,\` and a value are missing after ${name}`)) return;
  const value = readLiteral(draft);
  if (!expect(draft, ')', 'a `)` is missing here: only one plain value is read')) return;
  endStatement(draft);
  const first = draft.constants.get(name);
  if (first === undefined) draft.constants.set(name, value);
  else
    findings.warning(start.at, `${name} is already defined at ${findings.place(first.at)}: PHP keeps the first value`);
}
