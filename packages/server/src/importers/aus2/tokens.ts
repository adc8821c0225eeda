import { readNumber } from './number.ts';
import { closingQuote, readQuoted } from './quoted.ts';
import type { Token } from './token.ts';

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
    if (printed !== undefined) return this.#token({ kind: 'printed' }, from, printed, this.#position);
    this.#skipBlank();
    const at = this.#position;
    if (at < this.text.length) return this.#readToken(from, at);
    return this.#token({ kind: 'end', swallowedFrom: this.#swallowedFrom }, from, at, at);
  }

  #readToken(from: number, at: number): Token {
    const { text } = this;
    const first = text.charAt(at);
    if (first === "'" || first === '"' || first === '`') return this.#readString(from, at);
    if (/^\.?\d/.test(text.slice(at, at + 2))) {
      const { end, ...number } = readNumber(text, at);
      return this.#token(number, from, at, end);
    }
    const name = matchAt(variable, text, at)?.[1];
    if (name !== undefined) return this.#token({ kind: 'variable', name }, from, at, at + 1 + name.length);
    const letters = matchAt(word, text, at)?.[0];
    if (letters !== undefined) return this.#token({ kind: 'word', text: letters }, from, at, at + letters.length);
    const label = matchAt(heredoc, text, at);
    if (label !== null) return this.#readHeredoc(from, at, label);
    const sign = matchAt(symbol, text, at)?.[0] ?? first;
    this.#outside = sign === '?>';
    return this.#token({ kind: 'symbol', text: sign }, from, at, at + sign.length);
  }

  #readString(from: number, at: number): Token {
    const quote = this.text.charAt(at);
    let close: number | undefined;
    if (at >= (this.#noQuoteBefore.get(quote) ?? 0)) {
      const oneLine = this.oneLine || this.#quotesDoubted;
      close = closingQuote(this.text, at, oneLine);
      if (close === undefined && oneLine) this.#noQuoteBefore.set(quote, this.#lineEnd(at));
    }
    if (close === undefined) this.#quotesDoubted = true;
    const { end, ...quoted } = readQuoted(this.text, at, close);
    return this.#token({ kind: 'string', ...quoted }, from, at, end);
  }

  #readHeredoc(from: number, at: number, [opening, , label]: RegExpExecArray): Token {
    const closing = new RegExp(`[\\r\\n][ \\t]*${label}(?![\\w\\u0080-\\uffff])`, 'g');
    const found = matchAt(closing, this.text, at + opening.length);
    const end = found === null ? this.text.length : found.index + found[0].length;
    if (found === null) this.#swallowedFrom = at;
    const trouble = 'a heredoc is not read: write the text in quotes';
    return this.#token({ kind: 'string', value: '', closed: found !== null, trouble }, from, at, end);
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

  #token<T extends object>(
    what: T,
    from: number,
    at: number,
    end: number,
  ): T & { at: number; end: number; newLine: boolean } {
    this.#position = Math.max(end, this.#position);
    return { ...what, at, end, newLine: /[\r\n]/.test(this.text.slice(from, at)) };
  }
}
