import { createHash } from 'node:crypto';

/** What a file name may hold: the longest that every file system takes is 255 bytes. */
const longest = 200;
/** Names that Windows keeps for devices, whatever stands behind their dot. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/**
 * The name of the file of an object, without its folder. It holds letters, digits and `. _ @ + = , -`; all else stands as
 * `%` and two hex digits for each byte of UTF-8. One that would be too long is cut, and ends in `~` and a digest.
 */
export function objectFileName(name: string): string {
  const escaped = escapeName(name);
  return escaped.length <= longest ? `${escaped}.yaml` : marked(escaped, name);
}

/** The same for one of several names that a file system without capital letters would take for one. */
export function markedFileName(name: string): string {
  return marked(escapeName(name), name);
}

/** Whether two file names are one on some file systems. */
export function foldFileName(file: string): string {
  return file.toLowerCase();
}

function marked(escaped: string, name: string): string {
  const digest = createHash('sha256').update(JSON.stringify(name)).digest('hex').slice(0, 12);
  // An escape is not cut in two.
  const beginning = escaped.slice(0, longest - 13).replace(/%[0-9A-F]?$/, '');
  return `${beginning}~${digest}.yaml`;
}

function escapeName(name: string): string {
  const escaped = Array.from(name, (character) => (/^[\w.@+=,-]$/.test(character) ? character : bytes(character))).join(
    '',
  );
  const first = escaped.slice(0, 1);
  return device.test(escaped) || first === '.' || first === '' ? bytes(first) + escaped.slice(1) : escaped;
}

function bytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
