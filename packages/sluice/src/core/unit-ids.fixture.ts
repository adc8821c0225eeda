import { seededRandom } from './seeded-random.fixture.ts';

/** `1`, `2`, `3` …: ids as a database counts them. */
export function sequentialIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/** Random UUIDs (RFC 9562, version 4), reproducibly. */
export function uuids(count: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const hex = (digits: number) => random().toString(16).padStart(8, '0').slice(0, digits);
  const variant = () => (8 + (random() % 4)).toString(16);
  return Array.from({ length: count }, () => `${hex(8)}-${hex(4)}-4${hex(3)}-${variant()}${hex(3)}-${hex(8)}${hex(4)}`);
}

const givenNames = ['ada', 'alan', 'barbara', 'donald', 'edsger', 'frances', 'grace', 'ken', 'leslie', 'margaret'];
const familyNames = ['allen', 'dijkstra', 'hamilton', 'hopper', 'knuth', 'lamport', 'liskov', 'lovelace', 'turing'];
const hosts = ['example.com', 'example.org', 'mail.example.net', 'staff.example.com'];

/** E-mail addresses that look alike, as those of one company's customers do; no two are the same. */
export function emailAddresses(count: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const oneOf = (texts: readonly string[]) => texts[random() % texts.length];
  return Array.from(
    { length: count },
    (_, index) => `${oneOf(givenNames)}.${oneOf(familyNames)}${index}@${oneOf(hosts)}`,
  );
}
