/**
 * MurmurHash3 x86 32-bit with seed 0 over the UTF-8 bytes of a text; an unsigned 32-bit integer.
 * Lone surrogates count as U+FFFD, as TextEncoder has it.
 *
 * Source: Austin Appleby's MurmurHash3 (public domain), `MurmurHash3_x86_32`.
 */
export function murmur3(text: string): number {
  let hash = 0;
  let block = 0;
  let length = 0;
  const push = (byte: number): void => {
    block |= byte << ((length & 3) << 3);
    length += 1;
    if ((length & 3) === 0) {
      hash ^= scramble(block);
      hash = (hash << 13) | (hash >>> 19);
      hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
      block = 0;
    }
  };
  for (let at = 0; at < text.length; at += 1) {
    let point = text.charCodeAt(at);
    if (point < 0x80) {
      push(point);
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = point <= 0xdbff ? text.charCodeAt(at + 1) : Number.NaN;
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 1;
      } else {
        point = 0xfffd;
      }
    }
    if (point < 0x800) {
      push(0xc0 | (point >> 6));
    } else {
      if (point < 0x10000) {
        push(0xe0 | (point >> 12));
      } else {
        push(0xf0 | (point >> 18));
        push(0x80 | ((point >> 12) & 0x3f));
      }
      push(0x80 | ((point >> 6) & 0x3f));
    }
    push(0x80 | (point & 0x3f));
  }
  if ((length & 3) !== 0) hash ^= scramble(block);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
