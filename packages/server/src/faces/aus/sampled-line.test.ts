import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SampledLine } from '../../sample/sampled-line.ts';
import { parse } from './parse.ts';
import { sampledLine } from './sampled-line.ts';

const lenient = { strictQuery: false };

function sampled(url: string, userAgent?: string): SampledLine | undefined {
  const question = parse(url, userAgent, lenient);
  return question.kind === 'question' ? sampledLine({ method: 'GET', url, userAgent }, question) : undefined;
}

const base = '/update/3/Firefox/1.0/2020/Linux/de/release/Linux%206/default/default/update.xml';

describe('what previews keep of a line', () => {
  test('is the path and the parameters that have a say', () => {
    expect(sampled(`${base}?id=7&force=1&x&avast=1`)?.url).toBe(`${base}?force=1&avast=1`);
    expect(sampled(`${base}?id=7`)?.url).toBe(base);
    expect(sampled(`${base}?force=1?avast=1`)?.url).toBe(`${base}?force=1?avast=1`);
  });

  test.each([4, 5])('is without the IMEI that stands in paths of version %i', (number) => {
    const url = `/update/${number}/B2G/1.0/2020/Gonk/de/release/os/default/default/490154203237518/update.xml`;
    expect(sampled(url)?.url).toBe(url.replace('490154203237518', '-'));
  });

  test('is nothing of the user agent but whether it has a PowerPC', () => {
    const mac = base.replace('Linux/', 'Darwin/');
    expect(sampled(mac, 'Mozilla (PPC Mac; anna@example.org)')).toEqual({ url: mac, userAgent: 'PPC' });
    expect(sampled(mac, 'Mozilla (anna@example.org)')).toEqual({ url: mac, userAgent: undefined });
  });

  test('asks what the line itself asked', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'force=1',
        'force=-1',
        'pin=115.',
        'mig64=1',
        'avast=1',
        'force=1?avast=1',
        '',
        '=',
        'force',
        'é',
      ),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('#', '')),
    );
    const url = fc
      .tuple(
        fc.constantFrom('Linux', 'Darwin', 'Darwin_x86'),
        fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }).map((text) => text.replace(/[/?]/g, 'x')),
        fc.array(part, { maxLength: 5 }),
        fc.integer({ min: 3, max: 5 }),
      )
      .map(([platform, locale, parts, number]) => {
        const fields = `Firefox/1.0/2020/${platform}/${locale}/release/os/default/default`;
        return `/update/${number}/${fields}${number === 3 ? '' : '/ignored'}/update.xml?${parts.join('&')}`;
      });
    let asked = 0;
    fc.assert(
      fc.property(url, fc.constantFrom(undefined, 'PPC', 'x PPC y', 'Intel'), (line, userAgent) => {
        const kept = sampled(line, userAgent);
        const question = parse(line, userAgent, lenient);
        if (question.kind !== 'question' || kept === undefined) return;
        asked += 1;
        const again = parse(kept.url, kept.userAgent, lenient);
        expect(again).toEqual(question);
        expect(sampled(kept.url, kept.userAgent)).toEqual(kept);
      }),
      { seed: 45, numRuns: 1000 },
    );
    expect(asked).toBeGreaterThan(500);
  });
});
