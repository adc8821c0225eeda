import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SignalBody, signal } from '../kinds/signal.ts';
import { httpJson } from './http-json.ts';
import { json, outsideAnswering } from './outside-answers.fixture.ts';
import { describeOutsideSignal, nowMs } from './outside-signal.contract.ts';

type HttpJsonBody = Extract<SignalBody, { readonly source: 'http-json' }>;

const bodyWith = (rest: object = {}): HttpJsonBody => {
  const written = { source: 'http-json', url: 'https://stats.example.org/crashes?day=1', value: '/value', ...rest };
  return signal.schema.parse(written) as HttpJsonBody;
};

const read = (document: unknown, rest: object = {}) =>
  httpJson.read(bodyWith(rest), outsideAnswering(json(document)), nowMs);

const odd = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.bigInt().map(String));
const documents = fc.oneof(fc.record({ value: odd }), fc.record({ value: odd, time: odd }));

describeOutsideSignal(httpJson, bodyWith(), documents);
describeOutsideSignal(httpJson, bodyWith({ asOf: '/time' }), documents);

describe('what is asked', () => {
  test('is the address as it is', async () => {
    const outside = outsideAnswering(json({ value: 1 }));
    await httpJson.read(bodyWith({ timeout: 'PT3S' }), outside, nowMs);
    const { headers, ...asked } = outside.asked[0] ?? expect.fail();
    expect(asked).toEqual({ method: 'GET', url: 'https://stats.example.org/crashes?day=1', timeoutMs: 3000 });
    expect(headers).toEqual({ accept: 'application/json' });
  });

  test('is asked with a body of JSON where there is one', async () => {
    const outside = outsideAnswering(json({ value: 1 }));
    await httpJson.read(bodyWith({ method: 'POST', body: { channel: 'release' } }), outside, nowMs);
    expect(outside.asked[0]).toMatchObject({
      method: 'POST',
      body: '{"channel":"release"}',
      headers: { 'content-type': 'application/json' },
    });
  });
});

describe('the value', () => {
  const document = { value: 1, list: [10, { 'a/b': 11, 'c~d': 12, '': 13 }], '': 14, no: false, yes: true };

  test.each([
    ['/value', 1],
    ['/list/0', 10],
    ['/list/1/a~1b', 11],
    ['/list/1/c~0d', 12],
    ['/list/1/', 13],
    ['/', 14],
    ['/no', 0],
    ['/yes', 1],
  ])('stands at %s', async (value, found) => {
    expect(await read(document, { value })).toEqual({
      value: found,
      asOfMs: nowMs,
      note: `stats.example.org: what stands at ${value}`,
    });
  });

  test('may be the whole document, also with a byte order mark in front', async () => {
    expect(await read(7, { value: '' })).toMatchObject({ value: 7 });
  });

  test.each([
    '/list/2',
    '/list/-',
    '/list/00',
    '/list/1e0',
    '/list/length',
    '/gone',
    '/value/x',
    '/toString',
    '/__proto__',
  ])('does not stand at %s', async (value) => {
    expect((await read(document, { value })).note).toBe(`stats.example.org: nothing stands at ${value}`);
  });

  test.each([['7'], [null], [[7]], [{}], ['NaN']])('is not %j', async (value) => {
    expect((await read({ value })).note).toContain('what stands at /value is no number');
  });

  test('is not what is too great for a number', async () => {
    const outside = outsideAnswering({ body: '{"value": 1e999}' });
    expect(await httpJson.read(bodyWith(), outside, nowMs)).not.toHaveProperty('value');
  });

  test('is the last of two by one name, as JSON.parse has it', async () => {
    const outside = outsideAnswering({ body: '{"value": 1, "value": 2}' });
    expect(await httpJson.read(bodyWith(), outside, nowMs)).toMatchObject({ value: 2 });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/Vnd.api+JSON'])(
    'may come as %s',
    async (type) => {
      const outside = outsideAnswering(json({ value: 2 }, { headers: { 'content-type': type } }));
      expect(await httpJson.read(bodyWith(), outside, nowMs)).toMatchObject({ value: 2 });
    },
  );
});

describe('its time', () => {
  test.each([
    ['2026-11-21T11:00:00Z', -3_600_000],
    ['2026-11-21T13:00:00.5+02:00', -3_599_500],
    [nowMs / 1000 - 90, -90_000],
    [nowMs - 90_000, -90_000],
    [nowMs + 299_000, 299_000],
  ])('may be %j', async (time, ahead) => {
    expect(await read({ value: 1, time }, { asOf: '/time' })).toMatchObject({ value: 1, asOfMs: nowMs + ahead });
  });

  test.each([
    [nowMs + 301_000, 'in the future'],
    [1e308, 'in the future'],
    [-1, 'before 1970'],
    ['2026-11-21', 'is no time'],
    ['2026-02-30T00:00:00Z', 'is no time'],
    ['2026-11-21T11:00:00', 'is no time'],
    ['1795262400', 'is no time'],
    [null, 'is no time'],
  ])('is not %j', async (time, why) => {
    const reading = await read({ value: 1, time }, { asOf: '/time' });
    expect(reading).toEqual({ asOfMs: nowMs, note: expect.stringContaining(why) });
  });
});
