import fc from 'fast-check';
import { compile, decide, emptyConfiguration } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { App, Asked, Face, OpenFace, Reply } from '../face.ts';

/** What the suite must know of a face to try it. */
export interface FaceExamples {
  /** Paths, with a query perhaps, that the face answers; at least one. */
  readonly answered: readonly string[];
  /** Paths close to its own that are none of its business. */
  readonly foreign: readonly string[];
}

/** A server with nothing in it. */
const emptyApp: App = {
  snapshot: () => empty,
  nowMs: () => 0,
  draw: () => 1,
  readRelease: () => undefined,
  checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
  version: { source: 'sluice', version: '0.0.0', commit: '', build: '' },
};
const empty = compile(emptyConfiguration);

/** Foreign to every face there is and will be. */
const nobodys = [
  '/',
  '',
  '*',
  '/no-face-answers-this',
  '/no-face-answers-this?update',
  '//',
  '/%2e%2e/',
  '/\0',
  '/\ud800',
];

/** The suite that every public face passes. Without settings a face must open. */
export function describeFace(face: Face, { answered, foreign }: FaceExamples): void {
  const open = (): OpenFace => face.open(emptyApp, face.settings.parse({}));

  describe(`the face ${face.name}`, () => {
    test.each(answered)('answers %s alike to GET and HEAD', (url) => {
      const opened = open();
      const get = opened.answer(asking(url));
      expect(get).toBeDefined();
      expect(opened.answer(asking(url, { method: 'HEAD' }))).toEqual(get);
    });

    test.each([...nobodys, ...foreign])('leaves %j to others', (url) => {
      const opened = open();
      for (const method of ['GET', 'HEAD']) {
        expect(opened.answer(asking(url, { method }))).toBeUndefined();
        expect(opened.explain(asking(url, { method }))).toBeUndefined();
        expect(opened.preview?.question(asking(url, { method }))).toBeUndefined();
      }
    });

    test('gives whole replies and never throws, whatever it is asked', () => {
      const opened = open();
      let replies = 0;
      fc.assert(
        fc.property(askedAround(answered), (asked) => {
          const reply = opened.answer(asked);
          if (reply === undefined) {
            expect(opened.explain(asked)).toBeUndefined();
            expect(opened.preview?.question(asked)).toBeUndefined();
            return;
          }
          replies += 1;
          expectWhole(reply);
          const explained = opened.explain(asked)?.reply;
          if (explained !== undefined) expectWhole(explained);
          const request = opened.preview?.question(asked);
          const written =
            request &&
            opened.preview?.write(
              asked,
              decide(empty, request, 0, () => 1),
              empty,
            );
          if (written !== undefined) expectWhole(written);
        }),
        { numRuns: 500 },
      );
      // Or else nothing was looked at.
      expect(replies).toBeGreaterThan(20);
    });

    test('takes nothing that is for others, and answers wholly whatever it is sent', () => {
      const opened = open();
      const sent = { method: 'POST', header: () => 'application/json' };
      for (const url of [...nobodys, ...foreign]) expect(opened.receive?.({ ...asking(url), ...sent })).toBeUndefined();
      const methods = fc.constantFrom('POST', 'OPTIONS', 'PUT', 'DELETE', 'NONSENSE');
      fc.assert(
        fc.property(askedAround(answered), methods, fc.string(), fc.uint8Array(), (asked, method, header, body) => {
          const found = opened.receive?.({ ...asked, method, header: () => header });
          if (found === undefined) return;
          expectWhole('take' in found ? found.tooLong : found);
          if ('take' in found) expectWhole(found.take(Buffer.from(body)));
        }),
      );
    });

    test('has a name and a sentence that tell it apart', () => {
      expect(face.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(face.summary).not.toBe('');
    });

    test('does not know a setting that nobody reads', () => {
      expect(face.settings.safeParse({ noFaceHasThis: true }).success).toBe(false);
    });
  });
}

function asking(url: string, more: Partial<Asked> = {}): Asked {
  return { method: 'GET', url, userAgent: undefined, ...more };
}

/** Answered URLs with scraps in them, and texts that are no URLs. */
function askedAround(urls: readonly string[]): fc.Arbitrary<Asked> {
  const scrap = fc.oneof(
    fc.constantFrom('', '/', '?', '&', '%', '%0d%0a', '\r\n', 'é', '\ud800', '<&">', '=', '..', '\0', '%C3%A9'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const bent = fc
    .tuple(fc.constantFrom(...urls), fc.array(fc.tuple(fc.nat(200), fc.nat(20), scrap), { maxLength: 2 }))
    .map(([url, edits]) =>
      edits.reduce(
        (text, [at, length, put]) =>
          text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + length),
        url,
      ),
    );
  return fc.record({
    method: fc.constantFrom('GET', 'HEAD'),
    url: fc.oneof({ weight: 4, arbitrary: bent }, scrap),
    userAgent: fc.option(scrap, { nil: undefined }),
  });
}

/** What a listener can send: a status, header lines in pairs that fit into a header, a text. */
function expectWhole({ status, headers, body }: Reply): void {
  expect(Number.isInteger(status) && status >= 200 && status < 500).toBe(true);
  expect(headers.length % 2).toBe(0);
  for (const [index, text] of headers.entries()) {
    // Printable ASCII: neither a line break nor anything that another reader takes for one.
    expect(text).toMatch(index % 2 === 0 ? /^[A-Za-z][A-Za-z0-9-]*$/ : /^[\x20-\x7e]*$/);
  }
  const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names).toContain('content-type');
  expect(names).toContain('cache-control');
  expect(new Set(names).size).toBe(names.length);
  expect(body).toBeTypeOf('string');
}
