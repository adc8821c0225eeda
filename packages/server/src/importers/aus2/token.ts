/** Where a token stands: offsets into the text, and whether a line ended between it and the token before. */
interface Span {
  readonly at: number;
  readonly end: number;
  readonly newLine: boolean;
}

/**
 * A token of PHP, as far as data needs it. `bare` is what begins like a number and is none (`3.6.17`, `08`),
 * `printed` is text outside of `<?php … ?>`.
 */
export type Token =
  | (Span & { readonly kind: 'variable'; readonly name: string })
  | (Span & { readonly kind: 'word'; readonly text: string })
  | StringToken
  | (Span & { readonly kind: 'integer'; readonly value: bigint })
  | (Span & { readonly kind: 'float' | 'bare' | 'printed' })
  | (Span & { readonly kind: 'symbol'; readonly text: string })
  | EndToken;

export interface StringToken extends Span {
  readonly kind: 'string';
  readonly value: string;
  readonly closed: boolean;
  /** Why the value cannot be read without running code, or at all. */
  readonly trouble: string | undefined;
}

interface EndToken extends Span {
  readonly kind: 'end';
  /** Where the comment or text begins that swallowed the rest of the file. */
  readonly swallowedFrom: number | undefined;
}

/** Of a comment or heredoc without an end. */
export const neverClosed = 'this is never closed and takes in the rest of the file';

export function isSymbol(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'symbol' && texts.includes(token.text);
}

/** Whether a statement ends here. A closing tag ends one as `;` does. */
export function endsStatement(token: Token): boolean {
  return token.kind === 'end' || isSymbol(token, ';', '?>');
}

/** Keywords and functions have no case in PHP. */
export function isWord(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'word' && texts.includes(token.text.toLowerCase().replace(/^\\/, ''));
}
