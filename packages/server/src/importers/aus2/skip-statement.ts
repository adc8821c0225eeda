import { asConstant, asVariable, constants, type Reading, show, variables } from './reading.ts';
import { endsStatement, isSymbol, isWord, type StringToken, type Token } from './token.ts';

interface Bracket {
  readonly at: number;
  readonly close: string;
  /** The control word before a `(`: behind its `)` a colon opens a block, and in that of `for` stand semicolons. */
  readonly control: string | undefined;
}

const closes: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

const blockWords = ['if', 'for', 'foreach', 'while', 'switch', 'declare'];
const branchWords = ['else', 'elseif', 'do', 'try', 'catch', 'finally', 'function', 'class', 'case', 'default'];
const blockEnds = blockWords.map((word) => `end${word}`);
const wordsAfterText = ['and', 'or', 'xor', 'as', 'instanceof', 'insteadof'];
const names: readonly string[] = [...variables, ...constants];

/** Goes over one statement that is not about throttling, after `bracket` if its `define(` has been read already. */
export function skipStatement(reading: Reading, bracket?: Token): void {
  const skip = new Skip(reading);
  if (bracket !== undefined) skip.open(bracket);
  while (skip.step());
}

/**
 * The state of going over a statement. Its brackets, quotes and blocks are followed to its end, because a statement
 * that ends elsewhere than it seems would hide the ones we read; where they do not match, that is a mistake.
 */
class Skip {
  readonly #reading: Reading;
  readonly #first: Token;
  readonly #brackets: Bracket[] = [];
  /** How many blocks of the kind `if (…): … endif` are open. */
  #blocks = 0;
  #control: string | undefined;
  #before: Token | undefined;
  #secondBefore: Token | undefined;
  #mentioned = false;
  /** Whether the quotes of this line have been found to be wrong already. */
  #quotesTold = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#first = reading.tokens.current;
  }

  open(token: Token): void {
    const close = closes.get(token.kind === 'symbol' ? token.text : '') ?? ')';
    const word = this.#before?.kind === 'word' && close === ')' ? this.#before.text.toLowerCase() : undefined;
    const control = word !== undefined && blockWords.includes(word) ? word : undefined;
    this.#brackets.push({ at: token.at, close, control });
  }

  /** Goes over one token. Answers whether the statement goes on. */
  step(): boolean {
    const { tokens } = this.#reading;
    const token = tokens.current;
    if (endsStatement(token)) return this.#end(token);
    if (this.#forgotSemicolon(token)) {
      this.#reading.findings.mistake(tokens.previousEnd, 'a `;` is missing here');
      return false;
    }
    this.#checkMention(token);
    if (this.#quotesMismatch(token)) return true;
    this.#check(token);
    if (isSymbol(token, '(', '[', '{')) this.open(token);
    const closed = isSymbol(token, ')', ']', '}') && this.#close(token);
    this.#secondBefore = this.#before;
    this.#before = token;
    tokens.advance();
    return !closed;
  }

  #end(token: Token): boolean {
    const { tokens, findings } = this.#reading;
    const inner = this.#brackets.at(-1);
    if (token.kind === 'end') {
      const at = this.#brackets[0]?.at ?? this.#first.at;
      const message = inner === undefined ? 'this statement has no `;` at its end' : 'this bracket is never closed';
      if (token.swallowedFrom === undefined) findings.mistake(at, message);
      return false;
    }
    tokens.advance();
    this.#secondBefore = this.#before;
    this.#before = token;
    if (inner === undefined) return this.#blocks > 0;
    if (inner.close === '}' || inner.control === 'for') return true;
    findings.mistake(inner.at, 'this bracket is never closed');
    return false;
  }

  /** Answers whether the statement ends with this bracket, as it does with the last `}`. */
  #close(token: Token): boolean {
    const sign = token.kind === 'symbol' ? token.text : '';
    let inner = this.#brackets.at(-1);
    while (sign === '}' && inner !== undefined && inner.close !== '}') {
      this.#reading.findings.mistake(inner.at, 'this bracket is never closed');
      this.#brackets.pop();
      inner = this.#brackets.at(-1);
    }
    if (inner === undefined || (inner.close !== sign && inner.close === '}')) {
      this.#reading.findings.mistake(token.at, `this \`${sign}\` closes nothing`);
      return inner === undefined && sign === '}';
    }
    if (inner.close !== sign) {
      this.#reading.findings.mistake(token.at, `\`${inner.close}\` is needed here instead of \`${sign}\``);
    }
    this.#brackets.pop();
    this.#control = inner.control;
    return sign === '}' && this.#brackets.length === 0 && this.#blocks === 0;
  }

  #check(token: Token): void {
    const { findings } = this.#reading;
    if (isSymbol(token, ':') && isSymbol(this.#before, ')') && this.#control !== undefined) this.#blocks += 1;
    if (!isSymbol(token, ')')) this.#control = undefined;
    if (isWord(token, ...blockEnds)) this.#blocks = Math.max(0, this.#blocks - 1);
    if (isWord(token, 'include', 'include_once', 'require', 'require_once')) {
      findings.warning(token.at, 'the file that is included here is not read');
    }
    if (token === this.#first && isWord(token, 'return', 'exit', 'die', '__halt_compiler')) {
      findings.mistake(token.at, 'the script ends here and nothing behind it counts: remove this or what follows');
    }
    if (token.newLine) this.#quotesTold = false;
    if (token.kind === 'string' && !token.closed && !this.#quotesTold) findings.mistake(token.at, token.trouble ?? '');
  }

  /** Whether one of our variables begins a line where no operator wants a value, so that this is its own statement. */
  #forgotSemicolon(token: Token): boolean {
    if (token === this.#first || !token.newLine || asVariable(token) === undefined) return false;
    if (this.#brackets.length > 0 || this.#blocks > 0 || isWord(this.#first, ...blockWords, ...branchWords))
      return false;
    return this.#before?.kind !== 'symbol' || isSymbol(this.#before, ')', ']');
  }

  #checkMention(token: Token): void {
    if (this.#mentioned || !this.#mentions(token)) return;
    this.#mentioned = true;
    const message = `${show(this.#reading, token)} stands inside other code, which is not run: set it by a statement of its own`;
    this.#reading.findings.mistake(token.at, message);
  }

  #mentions(token: Token): boolean {
    if (asVariable(token) !== undefined) return true;
    if (token.kind === 'word') return asConstant(token.text) !== undefined && isWord(this.#before, 'const');
    return token.kind === 'string' && names.includes(token.value) && !isWord(this.#secondBefore, 'defined', 'constant');
  }

  /**
   * Two values with nothing between them, the first a text: PHP knows no such thing, so a quote is missing or too much,
   * and what seems to be text may be code. The text is read again, ending with its line.
   */
  #quotesMismatch(token: Token): boolean {
    const { tokens, findings } = this.#reading;
    const text = this.#before;
    if (tokens.quotesDoubted || text?.kind !== 'string' || this.#mayHoldQuotes(text)) return false;
    const value = token.kind !== 'symbol' && token.kind !== 'printed' && !isWord(token, ...wordsAfterText);
    if (!value) return false;
    findings.mistake(text.at, 'the quotes of this string do not match');
    tokens.doubtQuotes(text.at);
    this.#quotesTold = true;
    this.#before = this.#secondBefore;
    return true;
  }

  /** Whether a text may have quotes inside a variable, as `"{$a["b"]}"` has. */
  #mayHoldQuotes(text: StringToken): boolean {
    return text.trouble !== undefined && !/[\r\n]/.test(this.#reading.tokens.text.slice(text.at, text.end));
  }
}
