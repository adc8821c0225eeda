import { readNumber } from './number.ts';
import { closingQuote, readQuoted } from './quoted.ts';
import { neverClosed, type Token } from './token.ts';

const openTag = /<\?(?:php(?=[ \t\r\n]|$)|=|(?=[ \t\r\n]|$))/gi;
const space = /[ \t\r\n]+/y;
const lineCommentEnd = /[\r\n]|\?>/g;
const word = /\\?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:\\[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)*/y;
const variable = /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)/y;
const heredoc = /<<<[ \t]*(["']?)([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)\1(?=[\r\n])/y;
const symbol = /=>|===?|!==?|<=>|\?\?=?|\?->|\?>|->|::|&&|\|\||\+\+|--|\*\*=?|<<=?|>>=?|\.\.\.|[-+*/.%&|^]=|[\s\S]/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function isDigit(unit: string): boolean {
  return unit >= '0' && unit <= '9';
}

/**
 * The tokens of a PHP text, one at a time and each read once, so that the time is linear in the text.
 * A text without an opening tag is code from its beginning: that is how a piece of a configuration gets pasted.
 */
export class Tokens {
  readonly text: string;
  current: Token;
  /** Where the token before the current one ends. */
  previousEnd = 0;
  /** Whether strings must close on their line: always so in data, where a missing quote would else swallow the file. */
  oneLine = false;
  /** Set with the first mistaken quote: from then on what looks like a string over several lines is probably none. */
  #quotesDoubted = false;
  #position = 0;
  #outside: boolean;
  #swallowedFrom: number | undefined;
  readonly #noQuoteBefore = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
    this.#outside = matchAt(openTag, text, 0) !== null;
    this.current = this.#next();
  }

  advance(): void {
    this.previousEnd = this.current.end;
    this.current = this.#next();
  }

  get quotesDoubted(): boolean {
    return this.#quotesDoubted;
  }

  /** Reads again from a string whose quotes turned out not to match. Once per text, or the time would not be linear. */
  doubtQuotes(at: number): void {
    if (this.#quotesDoubted) return;
    this.#quotesDoubted = true;
    this.#position = at;
    this.current = this.#next();
  }

  #next(): Token {
    const from = this.#position;
    const printed = this.#outside ? this.#skipPrinted() : undefined;
    if (printed !== undefined) return this.#make({ kind: 'printed', at: printed, end: this.#position, newLine: false });
    this.#skipBlank();
    const at = this.#position;
    const newLine = at > from && /[\r\n]/.test(this.text.slice(from, at));
    if (at < this.text.length) return this.#make(this.#readToken(at, newLine));
    return { kind: 'end', swallowedFrom: this.#swallowedFrom, at, end: at, newLine };
  }

  #make(token: Token): Token {
    this.#position = token.end;
    return token;
  }

  #readToken(at: number, newLine: boolean): Token {
    const { text } = this;
    const first = text.charAt(at);
    if (first === "'" || first === '"' || first === '`') return this.#readString(at, newLine);
    if (isDigit(first) || (first === '.' && isDigit(text.charAt(at + 1)))) return readNumber(text, at, newLine);
    const name = first === '$' ? matchAt(variable, text, at)?.[1] : undefined;
    if (name !== undefined) return { kind: 'variable', name, at, end: at + 1 + name.length, newLine };
    const letters = matchAt(word, text, at)?.[0];
    if (letters !== undefined) return { kind: 'word', text: letters, at, end: at + letters.length, newLine };
    const label = first === '<' ? matchAt(heredoc, text, at) : null;
    if (label !== null) return this.#readHeredoc(at, newLine, label);
    const sign = matchAt(symbol, text, at)?.[0] ?? first;
    this.#outside = sign === '?>';
    return { kind: 'symbol', text: sign, at, end: at + sign.length, newLine };
  }

  #readString(at: number, newLine: boolean): Token {
    const quote = this.text.charAt(at);
    let close: number | undefined;
    if (at >= (this.#noQuoteBefore.get(quote) ?? 0)) {
      const oneLine = this.oneLine || this.#quotesDoubted;
      close = closingQuote(this.text, at, oneLine);
      if (close === undefined && oneLine) this.#noQuoteBefore.set(quote, this.#lineEnd(at));
    }
    if (close === undefined) this.#quotesDoubted = true;
    const { end, value, closed, trouble } = readQuoted(this.text, at, close);
    return { kind: 'string', value, closed, trouble, at, end, newLine };
  }

  #readHeredoc(at: number, newLine: boolean, [opening, , label]: RegExpExecArray): Token {
    const closing = new RegExp(`[\\r\\n][ \\t]*${label}(?![\\w\\u0080-\\uffff])`, 'g');
    const found = matchAt(closing, this.text, at + opening.length);
    const end = found === null ? this.text.length : found.index + found[0].length;
    if (found === null) this.#swallowedFrom = at;
    const trouble = found === null ? neverClosed : 'a heredoc is not read: write the text in quotes';
    return { kind: 'string', value: '', closed: found !== null, trouble, at, end, newLine };
  }

  #lineEnd(at: number): number {
    return matchAt(/[\r\n]|$/g, this.text, at)?.index ?? this.text.length;
  }

  /** Goes on behind the next opening tag; answers where the text before it begins, if it is more than blank. */
  #skipPrinted(): number | undefined {
    const from = this.#position;
    const tag = matchAt(openTag, this.text, from);
    const to = tag?.index ?? this.text.length;
    this.#outside = false;
    this.#position = tag === null ? to : to + tag[0].length;
    const blank = matchAt(space, this.text, from)?.[0].length ?? 0;
    return from + blank < to ? from + blank : undefined;
  }

  #skipBlank(): void {
    const { text } = this;
    for (;;) {
      this.#position += matchAt(space, text, this.#position)?.[0].length ?? 0;
      const at = this.#position;
      if (text.startsWith('/*', at)) {
        const end = text.indexOf('*/', at + 2);
        this.#position = end < 0 ? text.length : end + 2;
        if (end < 0) this.#swallowedFrom = at;
      } else if (text.startsWith('//', at) || text.startsWith('#', at)) {
        this.#position = matchAt(lineCommentEnd, text, at)?.index ?? text.length;
      } else return;
    }
  }
}
