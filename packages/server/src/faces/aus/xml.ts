/**
 * Writes XML attributes. What XML 1.0 cannot hold at all (most control characters, lone surrogates) becomes U+FFFD.
 *
 * Source: Extensible Markup Language (XML) 1.0, sections 2.2 and 3.3.3.
 */
export type Attribute = readonly [name: string, value: string | number | boolean];

export function attributes(pairs: readonly Attribute[]): string {
  let text = '';
  for (const [name, value] of pairs) text += ` ${name}="${escapeAttribute(String(value))}"`;
  return text;
}

// Everything but the plain characters that nearly every value consists of.
const remarkable = /[^\x20-\x21\x23-\x25\x27-\x3b\x3d\x3f-\x7e]/;
const unmarked = /[&<>"\t\n\r]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

export function escapeAttribute(value: string): string {
  if (!remarkable.test(value)) return value;
  return value.replace(unmarked, (character) => references.get(character) ?? '\ufffd');
}

const references: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);
