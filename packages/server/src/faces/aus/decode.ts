/** Decodes what is well encoded and leaves the rest as it stands. Bytes that are no UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
  }
}

const outsideAscii = /[^\x00-\x7f]/u;
const allOutsideAscii = new RegExp(outsideAscii, 'gu');

/** Rules are written in ASCII; each character outside it becomes a question mark, as in Balrog. */
export function toAscii(text: string): string {
  return outsideAscii.test(text) ? text.replace(allOutsideAscii, '?') : text;
}

/** Decodes a segment of a path. */
export function decodeSegment(text: string): string {
  return text.includes('%') ? toAscii(decodePercent(text)) : text;
}

/** Decodes a name or value of a query. */
export function decodeForm(text: string): string {
  return decodeSegment(text.replaceAll('+', ' '));
}
