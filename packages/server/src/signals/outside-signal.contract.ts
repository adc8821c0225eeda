import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignalBody } from '../kinds/signal.ts';
import { NotKnown } from '../not-known.ts';
import type { OutsideSignal } from '../signal.ts';
import { type Given, json, outsideAnswering } from './outside-answers.fixture.ts';

export const nowMs = Date.parse('2026-11-21T12:00:00Z');

/** What every signal that is read outside keeps to, whatever it is answered; `answers` are documents that it can read. */
export function describeOutsideSignal<Source extends SignalBody['source']>(
  signal: OutsideSignal<Source>,
  body: Extract<SignalBody, { readonly source: Source }>,
  answers: fc.Arbitrary<unknown>,
): void {
  const read = async (...given: readonly Given[]) => {
    const reading = await signal.read(body, outsideAnswering(...given), nowMs);
    expect(Number.isFinite(reading.value ?? 0)).toBe(true);
    expect(reading.asOfMs >= 0 && reading.asOfMs <= nowMs + 300_000).toBe(true);
    expect(reading.note).toMatch(/^[^\p{Cc}]{1,400}$/u);
    return reading;
  };
  const status = fc.oneof(fc.constantFrom(200, 204, 301, 400, 422, 500, 503), fc.integer({ min: 100, max: 999 }));
  const headers = fc.oneof(
    fc.constant({ 'content-type': 'application/json' }),
    fc.dictionary(fc.constantFrom('content-type', 'location'), fc.string()),
  );

  describe(`the signal ${signal.source}`, () => {
    test('reads no number that is none, whatever JSON it is answered', async () => {
      const documents = fc.oneof(
        answers,
        fc.json().map((text) => JSON.parse(text) as unknown),
      );
      await fc.assert(
        fc.asyncProperty(documents, status, async (document, code) => {
          const { value } = await read(json(document, { status: code }));
          if (code < 200 || code > 299) expect(value).toBeUndefined();
        }),
        { seed: 5, numRuns: 300 },
      );
    });

    test('fails at no bytes', async () => {
      const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => new TextDecoder().decode(some));
      await fc.assert(
        fc.asyncProperty(fc.oneof(bytes, fc.string()), status, headers, async (text, code, head) => {
          await read({ body: text, status: code, headers: head });
        }),
        { seed: 5, numRuns: 200 },
      );
    });

    test.each([
      ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'redirects are not followed'],
      ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'text/html instead of JSON'],
      ['no content type', { headers: {}, body: '1' }, 'no content type instead of JSON'],
      ['a page of a proxy', { status: 502, headers: { 'content-type': 'text/html' } }, 'it answered 502'],
      ['nothing', { status: 204, headers: {} }, 'it answered 204'],
      ['not modified', { status: 304, headers: {} }, 'it answered 304'],
      ['NaN', { body: '{"value": NaN}' }, 'what is not JSON'],
      ['a body that is cut off', { trouble: 'its answer is longer than 1 MiB' }, 'longer than 1 MiB'],
      ['half a document', { body: '{"value": 7' }, 'what is not JSON'],
      ['brackets without end', { body: '['.repeat(1_000_000) }, 'what is not JSON'],
    ])('knows nothing of %s, and says why', async (_what, answer, why) => {
      const reading = await read(answer);
      expect(reading).toEqual({ asOfMs: nowMs, note: expect.stringContaining(why) });
    });

    test('knows nothing where there is no way out', async () => {
      expect(await read(new NotKnown('a.example.org refuses connections'))).toEqual({
        asOfMs: nowMs,
        note: expect.stringContaining('refuses connections'),
      });
    });

    test('lets what nobody foresaw through', async () => {
      const outside = { ...outsideAnswering({}), ask: () => Promise.reject(new TypeError('a bug')) };
      await expect(signal.read(body, outside, nowMs)).rejects.toThrow('a bug');
    });

    test('shows a secret to the host that it asks and to nobody else', async () => {
      const shown = async (access: SignalBody['access'], url: string) => {
        const outside = outsideAnswering({});
        const { note } = await signal.read({ ...body, url, access }, outside, nowMs);
        expect(note).not.toContain('word for');
        return outside.asked[0]?.headers ?? note;
      };
      const bearer = { as: 'bearer', secret: 'token' } as const;
      expect(await shown(bearer, 'https://a.example.org/x')).toMatchObject({
        authorization: 'Bearer word for a.example.org',
      });
      expect(await shown({ as: 'basic', user: 'sluice', secret: 'token' }, 'https://a.example.org:9090')).toMatchObject(
        {
          authorization: `Basic ${Buffer.from('sluice:word for a.example.org:9090').toString('base64')}`,
        },
      );
      expect(await shown({ as: 'header', header: 'X-Api-Key', secret: 'token' }, 'http://a.example.org')).toMatchObject(
        {
          'x-api-key': 'word for a.example.org:80',
        },
      );
      expect(await shown({ ...bearer, secret: 'gone' }, 'https://a.example.org')).toContain('no secret is called gone');
      expect(await shown({ ...bearer, secret: 'broken' }, 'https://a.example.org')).toMatch(/broken does not fit/);
    });
  });
}
