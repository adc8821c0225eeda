/**
 * Hashes a text, differently for each seed; an unsigned 32-bit integer. Every line that is not known yet goes through it,
 * so it takes a character at a time, unlike `murmur3`, from which its constants and its end are (public domain).
 */
export function lineHash(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
