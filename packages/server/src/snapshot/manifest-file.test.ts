import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kinds } from '../kinds/index.ts';
import type { StoredObject } from '../store.ts';
import type { Manifest } from './manifest.ts';
import { readManifest, writeManifest } from './manifest-file.ts';

const damaged = expect.objectContaining({ code: 'snapshot-damaged' });
const text = fc.string({ unit: 'binary', maxLength: 20 });
const object: fc.Arbitrary<StoredObject> = fc.record({
  kind: fc.constantFrom(...kinds.map(({ name }) => name)),
  name: fc.oneof(text, fc.constantFrom('', '__proto__', '\n', '\ud800', '"\\')),
  version: fc.nat(),
  revision: fc.nat(),
  body: fc.oneof(
    fc.jsonValue().map((body): unknown => JSON.parse(JSON.stringify(body))),
    fc.constant(JSON.parse('{"__proto__":{"a":1},"u":"\\u2028\\n"}')),
  ),
});
const manifest: fc.Arbitrary<Manifest> = fc.record({
  mark: fc.record({ revision: fc.nat(), commit: fc.constantFrom('', '0123456789abcdef0123456789abcdef') }),
  objects: fc.array(object, { maxLength: 5 }),
});

const small: Manifest = {
  mark: { revision: 10, commit: 'a'.repeat(32) },
  objects: [
    { kind: 'rule', name: '1', version: 10, revision: 10, body: { share: 10, note: 'zwölf \ufffd' } },
    { kind: 'release', name: 'R', version: 1, revision: 2, body: { product: 'MyApp', sha256: '0'.repeat(64) } },
  ],
};

describe('a manifest', () => {
  test('comes back from its text as it was, and is written alike every time', () => {
    fc.assert(
      fc.property(manifest, (one) => {
        const written = writeManifest(one);
        expect(readManifest(written)).toEqual(one);
        expect(writeManifest(readManifest(written))).toBe(written);
        expect(readManifest(Buffer.from(written).toString())).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  test('is a line for the whole, and a line for each object', () => {
    const [header = '', ...lines] = writeManifest(small).split('\n');
    expect(JSON.parse(header)).toEqual({
      format: 'sluice-snapshot-1',
      mark: small.mark,
      objects: 2,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(lines.map((line) => line && JSON.parse(line)[1])).toEqual(['1', 'R', '']);
  });

  test('is refused when any bit of it is another one', () => {
    const bytes = Buffer.from(writeManifest(small));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => readManifest(flipped.toString()), `bit ${bit & 7} of byte ${bit >> 3}`).toThrow(damaged);
    }
  });

  test('is refused when any byte of any manifest is another one', () => {
    fc.assert(
      fc.property(manifest, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, by) => {
        const bytes = Buffer.from(writeManifest(one));
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
        expect(() => readManifest(bytes.toString())).toThrow(damaged);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused when a part of it is missing, or there is more', () => {
    const whole = writeManifest(small);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readManifest(whole.slice(0, length)), `${length} characters`).toThrow(damaged);
    }
    for (const more of ['\n', ' ', 'x', '[]\n', whole]) expect(() => readManifest(whole + more)).toThrow(damaged);
    const [header = '', first = '', second = ''] = whole.split('\n');
    expect(() => readManifest([header, second, first, ''].join('\n'))).toThrow(damaged);
  });

  test.each(['null', '5', '"x"', '[]', '{}', '{"format":"sluice-snapshot-2"}', '{"format":"sluice-snapshot-1"}', '\0'])(
    'is not %j',
    (header) => {
      expect(() => readManifest(header)).toThrow(damaged);
      expect(() => readManifest(`${header}\n`)).toThrow(damaged);
    },
  );
});

describe('reading beside what is known', () => {
  const [rule, release] = small.objects;

  test('takes over the very objects that have not changed', () => {
    const read = readManifest(writeManifest(small));
    expect(read.objects[0]).not.toBe(rule);
    const again = readManifest(writeManifest(small), read.objects);
    expect(again.objects[0]).toBe(read.objects[0]);
    expect(again.objects[1]).toBe(read.objects[1]);
  });

  test('makes anew whatever differs in anything, and forgets what is gone', () => {
    if (rule === undefined || release === undefined) throw new Error('two objects');
    for (const other of [{ name: '2' }, { version: 11 }, { revision: 11 }, { body: {} }, { kind: 'pin' as const }]) {
      const next = { ...small, objects: [{ ...rule, ...other }, release] };
      const read = readManifest(writeManifest(next), small.objects);
      expect(read).toEqual(next);
      expect(read.objects[0]).not.toBe(rule);
      expect(read.objects[1]).toBe(release);
    }
    expect(readManifest(writeManifest({ ...small, objects: [] }), small.objects).objects).toEqual([]);
  });
});
