import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldFileName, markedFileName, objectFileName } from './object-path.ts';

describe('the file of an object', () => {
  test.each([
    ['10', '10.yaml'],
    ['Firefox-157.0-build1', 'Firefox-157.0-build1.yaml'],
    ['MyApp/2.0.3', 'MyApp%2F2.0.3.yaml'],
    ['ada@example.org', 'ada@example.org.yaml'],
    ['100 %', '100%20%25.yaml'],
    ['Grün', 'Gr%C3%BCn.yaml'],
    ['..', '%2E..yaml'],
    ['.git', '%2Egit.yaml'],
    ['nul', '%6Eul.yaml'],
    ['CON.x', '%43ON.x.yaml'],
    ['a~b', 'a%7Eb.yaml'],
    ['a\nb\0', 'a%0Ab%00.yaml'],
  ])('%j is called %s', (name, file) => {
    expect(objectFileName(name)).toBe(file);
  });

  test('is no longer than file systems take, and tells long names apart', () => {
    const [one, other] = [`${'ü'.repeat(900)}1`, `${'ü'.repeat(900)}2`].map(objectFileName);
    expect(Buffer.byteLength(one ?? '')).toBeLessThan(230);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^(?:%C3%BC)+(?:%C3)?~[0-9a-f]{12}\.yaml$/);
  });

  test('holds nothing that a file system or a shell would take for something else', () => {
    const name = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ minLength: 1, maxLength: 1000 }));
    fc.assert(
      fc.property(name, (any) => {
        for (const file of [objectFileName(any), markedFileName(any)]) {
          expect(file).toMatch(/^[A-Za-z0-9_@+=,%-][A-Za-z0-9_.@+=,%~-]*\.yaml$/);
          expect(file.length).toBeLessThan(230);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test('is another for every name, and with a mark also where capital letters do not count', () => {
    const pair = fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1, unit: 'grapheme' }));
    fc.assert(
      fc.property(
        fc.oneof(
          pair,
          pair.map(([a]) => [a, a.toUpperCase()] as const),
        ),
        ([a, b]) => {
          fc.pre(a !== b);
          expect(objectFileName(a)).not.toBe(objectFileName(b));
          expect(foldFileName(markedFileName(a))).not.toBe(foldFileName(markedFileName(b)));
        },
      ),
      { seed: 6, numRuns: 1000 },
    );
  });
});
