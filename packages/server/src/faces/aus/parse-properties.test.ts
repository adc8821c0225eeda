import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from './parse.ts';

const kinds = ['question', 'no-route', 'bad', 'foreign'];

/** Parses, and checks what must hold of any answer to any text. */
function check(url: string, userAgent: string | undefined, strictQuery: boolean): void {
  const question = parse(url, userAgent, { strictQuery });
  expect(kinds).toContain(question.kind);
  if (question.kind === 'bad') expect(question.message).toMatch(/^[\x00-\x7f]+$/);
  if (question.kind !== 'question') return;
  const { unit, ...fields } = question.request;
  expect(unit).toEqual({ kind: 'none' });
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') expect(value, name).toMatch(/^[\x00-\x7f]*$/);
    else if (typeof value === 'number') expect(Number.isNaN(value), name).toBe(false);
  }
  for (const name of ['product', 'version', 'buildId', 'platform', 'locale', 'channel', 'osVersion', 'distribution']) {
    expect(fields).toHaveProperty(name, expect.any(String));
  }
}

const character = fc.oneof(
  fc.constantFrom(...'/?&=%+# .:;-_x86', '%2F', '%25', '%C3%A9', '%ff', '%00', 'é', '\ud800', '\ud83d\ude00', '\0'),
  fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
);
const scrap = fc.array(character, { maxLength: 12 }).map((found) => found.join(''));
const userAgent = fc.option(scrap, { nil: undefined });

const client = ['Firefox', '140.0', '20260101000000', 'Darwin_x86_64-gcc3', 'x86%20de', 'release-cck-acme'];
const system = 'Windows_NT%252010.0';
const real = [
  ['update', '1', ...client, 'update.xml'],
  ['update', '2', ...client, system, 'update.xml'],
  ['update', '3', ...client, system, 'default', 'default', 'update.xml'],
  ['update', '4', ...client, system, 'default', 'default', '140.0', 'update.xml'],
  ['update', '5', ...client, system, 'default', 'default', 'imei', 'update.xml'],
  ['update', '6', ...client, system, 'ISET:SSE4_2,MEM:8192,JAWS:0', 'default', 'default', 'update.xml'],
  ['json', '1', 'VPN', '2.0', 'Linux', 'release', 'update.json'],
  ['json', '2', 'VPN', '2.0', 'Linux', 'release', 'os', 'update.json'],
];
const queries = ['', '?force=1', '?force=1?avast=1', '?force=-1&mig64=1&pin=115.', '?pin=', '?utm=1&avast=1'];

/** A real URL of which some segments are replaced by scraps, and which may be cut or doubled somewhere. */
const mutated = fc
  .record({
    segments: fc.constantFrom(...real),
    query: fc.oneof(
      fc.constantFrom(...queries),
      scrap.map((text) => `?${text}`),
    ),
    scraps: fc.array(fc.tuple(fc.nat(14), scrap), { maxLength: 3 }),
    cut: fc.option(fc.tuple(fc.nat(150), fc.nat(150)), { nil: undefined, freq: 3 }),
  })
  .map(({ segments, query, scraps, cut }) => {
    const replaced = segments.map((segment, at) => scraps.find(([index]) => index === at)?.[1] ?? segment);
    const url = `/${replaced.join('/')}${query}`;
    return cut === undefined ? url : url.slice(0, cut[0]) + url.slice(cut[1]);
  });

test('any text has one of four answers, of which no field leaves ASCII', () => {
  fc.assert(fc.property(fc.oneof(scrap, fc.string({ unit: 'binary' })), userAgent, fc.boolean(), check), {
    numRuns: 1500,
  });
});

test('any scrap below a prefix of ours has one of four answers', () => {
  const below = fc.tuple(fc.constantFrom('/update', '/update/3/', '/json/', '/json/1/'), scrap).map(([a, b]) => a + b);
  fc.assert(fc.property(below, userAgent, fc.boolean(), check), { numRuns: 1000 });
});

test('any URL that was real once has one of four answers, of which no field leaves ASCII', () => {
  fc.assert(fc.property(mutated, userAgent, fc.boolean(), check), { numRuns: 2500 });
});

test('any fields that a client encodes are read back, with a question mark for each character outside ASCII', () => {
  const field = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('x86 '));
  fc.assert(
    fc.property(fc.array(field, { minLength: 6, maxLength: 6 }), (texts) => {
      const question = parse(`/update/1/${texts.map(encodeURIComponent).join('/')}/update.xml`, undefined, {
        strictQuery: true,
      });
      const [product, version, buildId, platform, locale, channel] = texts.map((text) =>
        [...text].map((one) => ((one.codePointAt(0) ?? 0) < 128 ? one : '?')).join(''),
      );
      expect(question).toMatchObject({
        kind: 'question',
        request: { product, version, buildId, platform, locale, channel },
      });
    }),
    { numRuns: 500 },
  );
});
