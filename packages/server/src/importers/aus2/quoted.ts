/** A quoted string as it was found. */
interface Quoted {
  readonly end: number;
  readonly value: string;
  readonly closed: boolean;
  readonly trouble: string | undefined;
}

const newLine = 10;
const carriageReturn = 13;
const backslash = 92;

/** Where the quote that opens at `at` closes: the offset after it, or `undefined` when the text (or the line) ends first. */
export function closingQuote(text: string, at: number, oneLine: boolean): number | undefined {
  const quote = text.charCodeAt(at);
  for (let next = at + 1; next < text.length; next += 1) {
    const unit = text.charCodeAt(next);
    if (unit === quote) return next + 1;
    if (oneLine && (unit === newLine || unit === carriageReturn)) return undefined;
    if (unit === backslash && !(oneLine && /[\r\n]/.test(text.charAt(next + 1)))) next += 1;
  }
  return undefined;
}

/**
 * Reads a string whose end is known, or guesses the end of one that is not closed: at what cannot stand in a version
 * or channel but usually follows one, so that the arrays around it keep their shape.
 */
export function readQuoted(text: string, at: number, end: number | undefined): Quoted {
  if (end !== undefined) return { end, closed: true, ...withoutEscapes(text.charAt(at), text.slice(at + 1, end - 1)) };
  const stop = /[,)\];\r\n]|=>/g;
  stop.lastIndex = at + 1;
  const value = text.slice(at + 1, stop.exec(text)?.index ?? text.length).trimEnd();
  return { end: at + 1 + value.length, closed: false, value, trouble: 'this string has no closing quote on its line' };
}

type Unescaped = Pick<Quoted, 'value' | 'trouble'>;

function withoutEscapes(quote: string, raw: string): Unescaped {
  if (quote === "'") return { value: raw.replace(/\\(['\\])/g, '$1'), trouble: undefined };
  if (quote === '`') return { value: raw, trouble: 'a shell command is not run: only plain values are read' };
  return unescapeDouble(raw);
}

const plainEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['e', '\u001b'],
  ['f', '\f'],
  ['\\', '\\'],
  ['$', '$'],
  ['"', '"'],
]);

const doubleQuoted =
  /\\(?:(?<plain>[nrtvef\\$"])|(?<octal>[0-7]{1,3})|x(?<hex>[\da-fA-F]{1,2})|u\{(?<point>[\da-fA-F]{1,8}\})?)|\$(?=[A-Za-z_\u0080-\uffff{])/g;

/** The escapes of double quotes (https://www.php.net/manual/en/language.types.string.php); others keep their backslash. */
function unescapeDouble(raw: string): Unescaped {
  let trouble: string | undefined;
  const value = raw.replace(doubleQuoted, (found: string, ...rest: unknown[]) => {
    const { plain, octal, hex, point } = rest.at(-1) as Record<'plain' | 'octal' | 'hex' | 'point', string | undefined>;
    if (plain !== undefined) return plainEscapes.get(plain) ?? found;
    if (octal === undefined && hex === undefined && found !== '$') {
      const code = Number.parseInt(point ?? '', 16);
      if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return String.fromCodePoint(code);
      trouble ??= `\`${found}\` is not a character`;
      return found;
    }
    if (found === '$') {
      trouble ??=
        'a variable inside a string is not looked up: only plain values are read (a plain `$` is written `\\$`)';
      return found;
    }
    const byte = octal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(octal, 8) & 0xff;
    if (byte > 0x7f) trouble ??= `\`${found}\` is part of a character: write the character itself`;
    return String.fromCharCode(byte);
  });
  return { value, trouble };
}
