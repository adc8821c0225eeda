import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiDocument } from '../../packages/server/src/admin-faces/api/open-api.ts';
import { operationsOf } from './operations.ts';

const document = apiDocument();
const operations = operationsOf(document);

test('what is committed is what the code makes', () => {
  const committed = readFileSync(new URL('../../docs/api/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed), 'run npm run docs').toEqual(JSON.parse(JSON.stringify(document)));
});

test('every operation has a name of its own, a summary and a tag, and says what goes wrong', () => {
  expect(operations.length).toBeGreaterThan(20);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  const tags = new Set((document as { readonly tags: readonly { name: string }[] }).tags.map(({ name }) => name));
  for (const { method, path, summary, tags: own, responses } of operations) {
    expect(summary, `${method} ${path}`).toMatch(/^\S.{5,}[^.]$/);
    expect(own?.length === 1 && tags.has(own[0] ?? ''), `${method} ${path}: ${own}`).toBe(true);
    expect(Object.keys(responses), `${method} ${path}`).toContain('default');
    expect(
      Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
      `${method} ${path}`,
    ).toBe(true);
  }
});

test('every body that is taken is strict: a field that nobody knows is a mistake', () => {
  const bodies = operations.flatMap(({ body }) => body ?? []);
  expect(bodies.length).toBeGreaterThan(10);
  for (const schema of bodies) expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
});

test('only the document itself is for everybody', () => {
  expect(operations.filter(({ security }) => security?.length === 0).map(({ path }) => path)).toEqual([
    '/api/v1/openapi.json',
  ]);
  expect(document).toMatchObject({ openapi: '3.1.0', security: [{ token: [] }, { session: [] }] });
});

test('every expression is one that JSON Schema can read', () => {
  const found: string[] = [];
  JSON.stringify(document, (name, value) => {
    if (name === 'pattern' && typeof value === 'string') found.push(value);
    return value;
  });
  expect(found.length).toBeGreaterThan(3);
  for (const pattern of found) {
    expect(new RegExp(pattern, 'u')).toBeInstanceOf(RegExp);
    expect(pattern).not.toMatch(/\/[a-z]*$/);
  }
});
