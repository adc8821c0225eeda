import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SignalBody, signal } from '../kinds/signal.ts';
import { type Given, json, outsideAnswering } from './outside-answers.fixture.ts';
import { describeOutsideSignal, nowMs } from './outside-signal.contract.ts';
import { prometheus } from './prometheus.ts';

type PrometheusBody = Extract<SignalBody, { readonly source: 'prometheus' }>;

const bodyWith = (rest: object = {}): PrometheusBody => {
  const written = { source: 'prometheus', url: 'https://metrics.example.org/prom/', query: 'crashes', ...rest };
  return signal.schema.parse(written) as PrometheusBody;
};

const seconds = nowMs / 1000;
const success = (resultType: string, result: unknown, rest: object = {}) =>
  json({ status: 'success', data: { resultType, result }, ...rest });
const vector = (...values: readonly string[]) =>
  success(
    'vector',
    values.map((value) => ({ metric: {}, value: [seconds, value] })),
  );

const read = (given: readonly Given[], rest: object = {}) =>
  prometheus.read(bodyWith(rest), outsideAnswering(...given), nowMs);

const sample = fc.tuple(
  fc.oneof(fc.constant(seconds), fc.double()),
  fc.oneof(fc.double().map(String), fc.constantFrom('NaN', '+Inf', '-Inf', '', '0x10', '1e309', ' 1', '1_0')),
);
const results = fc.oneof(
  sample,
  fc.array(fc.record({ metric: fc.constant({}), value: sample }), { maxLength: 3 }),
  fc.array(fc.record({ metric: fc.constant({}), histogram: fc.anything() }), { maxLength: 2 }),
);
const envelope = fc.record({
  status: fc.constantFrom('success', 'error', 'odd'),
  data: fc.record({ resultType: fc.constantFrom('vector', 'scalar', 'matrix', 'string'), result: results }),
  error: fc.string(),
});

describeOutsideSignal(prometheus, bodyWith(), envelope);
describeOutsideSignal(prometheus, bodyWith({ aggregator: 'avg', watermark: 'min(timestamp(crashes))' }), envelope);

describe('what Prometheus is asked', () => {
  test('is a form, with the time and a timeout that is a little shorter than ours', async () => {
    const outside = outsideAnswering(vector('1'));
    await prometheus.read(bodyWith({ query: 'a{b="ü&c"} +\n1', timeout: 'PT2S' }), outside, nowMs);
    const [asked = expect.fail()] = outside.asked;
    expect(asked).toMatchObject({ method: 'POST', url: 'https://metrics.example.org/prom/api/v1/query' });
    expect(asked.timeoutMs).toBe(2000);
    expect(asked.headers?.['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      query: 'a{b="ü&c"} +\n1',
      time: `${seconds}`,
      timeout: '1.8',
    });
  });
});

describe('what it answers', () => {
  test.each([
    ['17', 17],
    ['-0.25', -0.25],
    ['1e+06', 1_000_000],
    ['+5', 5],
  ])('the text %s is a number', async (written, value) => {
    expect(await read([vector(written)])).toMatchObject({ value, asOfMs: nowMs });
    expect(await read([success('scalar', [seconds, written])])).toMatchObject({ value });
  });

  test.each(['NaN', '+Inf', '-Inf', '', '0x10', '1e999', 'seven'])('the text %j is none', async (written) => {
    for (const answer of [vector(written), success('scalar', [seconds, written])])
      expect(await read([answer])).not.toHaveProperty('value');
    expect(await read([vector('1', written)], { aggregator: 'max' })).not.toHaveProperty('value');
  });

  test.each([
    ['min', 1],
    ['max', 4],
    ['sum', 7],
    ['avg', 7 / 3],
    ['count', 3],
  ])('of several samples an aggregator makes one: %s', async (aggregator, value) => {
    expect(await read([vector('2', '4', '1')], { aggregator })).toMatchObject({ value });
  });

  test('several samples are none without one, and nothing is never nought', async () => {
    expect((await read([vector('1', '1')])).note).toContain('there are 2 samples and no aggregator');
    for (const aggregator of [undefined, 'sum', 'count'])
      expect(await read([vector()], { aggregator })).toEqual({
        asOfMs: nowMs,
        note: 'crashes at metrics.example.org: there is no data',
      });
  });

  test.each([
    [success('matrix', []), 'it is a matrix'],
    [success('string', [seconds, '1']), 'it is a string'],
    [success('vector', [{ metric: {}, histogram: [seconds, {}] }]), 'a histogram is no single value'],
    [success('vector', [{ metric: {}, value: [seconds, 1] }]), 'its vector cannot be read'],
    [success('scalar', ['now', '1']), 'its scalar cannot be read'],
    [success('vector', [], { warnings: ['one store is away'] }), 'it warns: one store is away'],
    [json({ status: 'odd' }), 'not as Prometheus does'],
    [json({ status: 'error', errorType: 'bad_data', error: 'parse error' }, { status: 400 }), '400: bad_data: parse'],
    [{ ...vector('1'), status: 503 }, 'it answered 503'],
  ])('%j is no value', async (answer, why) => {
    const reading = await read([answer]);
    expect(reading).not.toHaveProperty('value');
    expect(reading.note).toContain(why);
  });

  test('its remarks are noted', async () => {
    const infos = ['PromQL info: metric might not be a counter'];
    const reading = await read([success('scalar', [seconds, '3'], { infos, warnings: null })]);
    expect(reading).toMatchObject({ value: 3, note: expect.stringContaining('might not be a counter') });
  });
});

describe('the time of the data', () => {
  const watermark = 'min(timestamp(crashes))';

  test('is what the watermark says, in seconds', async () => {
    const answers = [vector('5'), vector(`${seconds - 61.5}`)];
    expect(await read(answers, { watermark })).toMatchObject({ value: 5, asOfMs: nowMs - 61_500 });
  });

  test.each([
    [vector(`${seconds + 301}`), 'in the future'],
    [vector(`${nowMs}`), 'in the future'],
    [vector('42'), 'watermark: 42 is no time'],
    [vector('NaN'), 'watermark: its value is NaN'],
    [vector(), 'watermark: there is no data'],
    [vector('1', '2'), 'watermark: there are 2 samples'],
  ])('%j makes the value unknown', async (mark, why) => {
    const reading = await read([vector('5'), mark], { watermark });
    expect(reading).toEqual({ asOfMs: nowMs, note: expect.stringContaining(why) });
  });

  test('is that of the evaluation without one, unless that lies in the future', async () => {
    expect(await read([success('scalar', [seconds - 1.5, '3'])])).toMatchObject({ asOfMs: nowMs - 1500 });
    expect(await read([success('scalar', [seconds + 400, '3'])])).not.toHaveProperty('value');
    expect(await read([success('scalar', [-1, '3'])])).not.toHaveProperty('value');
  });
});
