import fc from 'fast-check';
import { fitting } from './arbitrary-body.ts';
import { numbers, texts } from './hostile-values.ts';
import { type Operation, operationsOf, type Parameter } from './operations.ts';

/** A request as it goes over the wire. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Who asks, by their place among those whom the test knows. */
  readonly asker: number;
  /** Absent where it fits none. */
  readonly operation: Operation | undefined;
}

/** Requests for every operation of a document, right ones and hostile ones, and some that fit none. */
export function requestsFor(document: object, askers: number): fc.Arbitrary<HostileRequest> {
  // Those who are let in come first, and ask most.
  const asker = fc.oneof({ arbitrary: fc.nat(1), weight: 3 }, { arbitrary: fc.nat(askers - 1), weight: 2 });
  // What a body says can be wrong in more ways than a path.
  const operations = operationsOf(document).map((operation) => ({
    arbitrary: requestOf(document, operation, asker),
    weight: operation.body === undefined ? 1 : 3,
  }));
  const lost: fc.Arbitrary<HostileRequest> = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'),
    path: fc.oneof(
      fc.constantFrom(
        '/api/v1',
        '/api/v1/',
        '/api/v1//',
        '/api/v1/../v1/me',
        '/api/v1/%2e%2e/me',
        '/api/v1/me/',
        '/api/v2/me',
      ),
      fc.constantFrom(
        '/api/v1/objects/rule/%ff',
        '/api/v1/objects/rule/%00',
        '/api/v1/objects/%zz/10',
        '/api/v1/objects/rule/%',
      ),
      texts.map((text) => `/api/v1/${encodeSafely(text)}`),
    ),
    headers: fc.constant({}),
    body: fc.constantFrom(undefined, '', '{}'),
    asker,
    operation: fc.constant(undefined),
  });
  return fc.oneof({ arbitrary: lost, weight: 5 }, ...operations);
}

function requestOf(document: object, operation: Operation, asker: fc.Arbitrary<number>): fc.Arbitrary<HostileRequest> {
  const { method, path, parameters, body } = operation;
  const of = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  const query = fc.tuple(...of('query').map((parameter) => argumentOf(document, parameter)), strange);
  const inPath = fc.tuple(...of('path').map((parameter) => inPathOf(document, parameter)));
  return fc.record({
    method: fc.constant(method),
    path: fc.tuple(inPath, query).map(([values, pairs]) => {
      const filled = values.reduce((text, value) => text.replace(/\{\w+\}/, () => encodeSafely(value)), path);
      const asked = pairs.flatMap((list) => (list ?? []).map((pair) => pair.map(encodeSafely).join('=')));
      return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
    }),
    headers: fc.record(
      {
        'if-match': mostly(
          fc.constantFrom('"1"', '"1"', '"2"', '*'),
          'W/"1"',
          '1',
          '""',
          '"1", "2"',
          '"99999999999999999999"',
        ),
        'idempotency-key': mostly(
          fc.nat(300).map((number) => `key-${number}`),
          ' ',
          'x'.repeat(201),
          'ä',
        ),
        'content-type': contentTypes,
        'x-forwarded-for': fc.constantFrom('192.0.2.7', ',,,', 'x'.repeat(300)),
      },
      { requiredKeys: body === undefined ? [] : ['content-type'] },
    ),
    body: body === undefined ? fc.constantFrom(undefined, undefined, '{}') : bodyOf(fitting(document, body)),
    asker,
    operation: fc.constant(operation),
  });
}

const contentTypes = fc.oneof(
  { arbitrary: fc.constant('application/json'), weight: 40 },
  {
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-16',
      'application/vnd.x+json',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      '/',
      ';;;',
    ),
    weight: 1,
  },
);

/** A parameter that no operation has, now and then. */
const strange = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 30 },
  { arbitrary: fc.tuple(texts, texts).map((pair) => [pair]), weight: 1 },
);

/** What parameters of these names mean, of which the document only says that it is text. */
const meant: Readonly<Record<string, fc.Arbitrary<string>>> = {
  owner: fc.constantFrom('user:other@example.org', 'user:admin@example.org', 'service-account:idle'),
  cursor: fc.constantFrom('3', '20'),
  asOf: fc.constantFrom('0', '1', '2', '2026-11-21T12:00:00Z'),
  from: fc.constantFrom('0', '1', '2026-11-21T11:00:00Z'),
  to: fc.constantFrom('1', '2', '2026-11-21T12:00:00Z'),
  kind: fc.constantFrom('rule', 'throttle', 'release', 'user'),
  name: fc.constantFrom('10', 'Firefox/1.0', 'Firefox-1', 'editor@example.org'),
};

/** One parameter of a query; a list stands there several times. */
function argumentOf(document: object, { name, required = false, schema }: Parameter) {
  const fit = fitting(document, schema).map((value) => (Array.isArray(value) ? value : [value]).map(written));
  const right = schema['type'] === 'array' ? undefined : meant[name]?.map((text) => [text]);
  const values = right === undefined ? fit : fc.oneof({ arbitrary: right, weight: 15 }, fit);
  const pairs = values.map((texts) => texts.map((text): readonly [string, string] => [name, text]));
  return required ? pairs : fc.option(pairs, { nil: undefined, freq: 1 });
}

/** Something right, and now and then something wrong. */
function mostly(right: fc.Arbitrary<string>, ...wrong: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: fc.constantFrom(...wrong), weight: 1 });
}

/** Mostly what there is, so that a request gets somewhere. */
function inPathOf(document: object, { name, schema }: Parameter): fc.Arbitrary<string> {
  const numberLike = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 12 }), weight: 15 }, numbers).map(String);
  const usual = meant[name] ?? numberLike;
  return fc.oneof({ arbitrary: usual, weight: 15 }, { arbitrary: fitting(document, schema).map(written), weight: 1 });
}

function bodyOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const json = value.map((one) => JSON.stringify(one) ?? '');
  return fc.oneof(
    { arbitrary: json, weight: 30 },
    { arbitrary: json.map((text) => text.slice(0, -1)), weight: 1 },
    { arbitrary: json.map((text) => `${text}${text}`), weight: 1 },
    {
      arbitrary: fc.constantFrom(
        '',
        '{',
        '[]',
        '\ufeff{}',
        '{"a":1e999}',
        '['.repeat(20_000),
        `{"a":${'9'.repeat(400)}}`,
      ),
      weight: 1,
    },
  );
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Half of a surrogate pair has no UTF-8. */
function encodeSafely(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}
