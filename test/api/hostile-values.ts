import fc from 'fast-check';

/** Texts that have made programs stumble, and such as mean something to this one. */
const known = [
  'Firefox',
  'Fennec',
  'release',
  '10',
  '20',
  'Firefox-1',
  'Firefox/1.0',
  'editor@example.org',
  'user:other@example.org',
  'service-account:idle',
  'local:root',
  'rule',
  'now',
  '2026-12-01T10:00:00Z',
  '2026-02-30T25:61:61Z',
  '9999999-01-01T00:00:00Z',
  'Europe/Berlin',
];

const hostile = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\ufeff',
  '😀'.repeat(40),
  'e\u0301'.repeat(30),
  '../../etc/passwd',
  "'; drop table objects; --",
  '%00%ff',
  '*',
  '*'.repeat(60),
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'null',
  'NaN',
  '-0',
  '1e400',
  'x'.repeat(5000),
  '\r\nX-Injected: yes',
];

export const texts: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...known), weight: 12 },
  { arbitrary: fc.constantFrom(...hostile), weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
);

export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -2, max: 60 }),
  fc.constantFrom(0, -0, 0.5, 1e21, 2 ** 31, 2 ** 53, -(2 ** 53), Number.MAX_VALUE, 5e-324),
);

/** Anything at all that JSON can say. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  texts,
  numbers,
  fc.constantFrom(
    null,
    true,
    false,
    [],
    {},
    [[]],
    { __proto__: null },
    JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Bodies of objects, right ones and nearly right ones. */
export const objectBodies: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    {
      priority: fc.oneof(fc.nat(200), numbers),
      product: fc.oneof(fc.constantFrom('Firefox', 'Fennec'), texts),
      channel: texts,
      release: fc.constantFrom('Firefox-1', 'Fennec-1', 'gone'),
      share: fc.oneof(
        fc.record({ kind: fc.constant('percent'), percent: fc.oneof(fc.nat(100), numbers) }),
        fc.record({ kind: fc.constant('ramp'), points: fc.array(anything, { maxLength: 3 }) }),
        anything,
      ),
      comment: texts,
    },
    { requiredKeys: ['priority', 'product'] },
  ),
  fc.record({ product: texts, version: texts, percent: fc.oneof(fc.nat(100), numbers) }, { requiredKeys: [] }),
  fc.record({ roles: fc.array(texts, { maxLength: 3 }), disabled: fc.boolean() }, { requiredKeys: [] }),
  fc.record(
    {
      role: texts,
      user: texts,
      actions: fc.array(fc.constantFrom('read', 'create', 'stop', 'fly')),
      products: fc.array(texts),
    },
    { requiredKeys: ['actions'] },
  ),
  fc.record({ role: texts, signOffs: numbers, product: texts }, { requiredKeys: ['role'] }),
  fc.record({
    product: fc.constantFrom('Firefox', 'Fennec'),
    blob: fc.oneof(
      fc.record({ schema_version: fc.constantFrom(1, 2, 4, 9, 50, 4000), name: texts, detailsUrl: texts }),
      anything,
    ),
  }),
  fc.record({ line: fc.oneof(fc.constant('/update/3/x'), texts), release: texts }, { requiredKeys: ['line'] }),
  fc.dictionary(texts, anything, { maxKeys: 4 }),
);

const trees: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant({ now: true }),
    fc.record({ time: fc.record({ after: texts, before: texts, zone: texts }, { requiredKeys: [] }) }),
    fc.record({ time: fc.constant({ after: '2026-11-21T11:00', zone: 'Europe/Berlin' }) }),
    fc.record({ approval: fc.record({ role: texts, count: numbers }) }),
    fc.record({ change: fc.record({ id: numbers, state: fc.constantFrom('enacted', 'vetoed', 'pending') }) }),
    fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ not: tie('node') }),
    anything,
  ),
})).node;

/** Edits that fit what is there, or did a moment ago. */
export const edits: fc.Arbitrary<unknown> = fc.oneof(
  edit('rule', ['10', '20'], {
    op: 'patch',
    patch: fc.record({ comment: texts, priority: fc.nat(300) }, { requiredKeys: [] }),
  }),
  edit('rule', ['10', '31', '32'], {
    op: 'put',
    body: fc.record({ priority: fc.nat(300), product: fc.constantFrom('Firefox', 'Fennec'), comment: texts }),
  }),
  edit('throttle', ['Firefox/1.0', 'Fennec/1.0'], { op: 'patch', patch: fc.record({ percent: fc.nat(100) }) }),
  edit('regression-line', ['one', 'two'], {
    op: 'put',
    body: fc.record({ line: fc.constantFrom('/update/3/x', '/a') }),
  }),
  edit('emergency-stop', ['Firefox/*', 'Fennec/*'], { op: 'delete' }),
  edit('user', ['editor@example.org', 'new@example.org'], {
    op: 'put',
    body: fc.record({ roles: fc.subarray(['editor', 'viewer', 'admin', 'x']) }),
  }),
);

function edit(
  kind: string,
  names: readonly string[],
  rest: { readonly op: string; readonly body?: object; readonly patch?: object },
) {
  const { op, ...content } = rest;
  return fc.record({
    kind: fc.constant(kind),
    name: fc.constantFrom(...names),
    expectedVersion: fc.constantFrom(0, 0, 1, 1, 1, 2, 3),
    op: fc.constant(op),
    ...(content as { readonly body?: fc.Arbitrary<unknown> }),
  });
}

/** Conditions of changes; the document says no more of them than that they are objects. */
export const conditions: fc.Arbitrary<unknown> = fc.oneof(
  {
    arbitrary: fc.constantFrom({ now: true }, { time: { after: '2026-11-21T11:00', zone: 'Europe/Berlin' } }),
    weight: 3,
  },
  { arbitrary: trees, weight: 1 },
);
