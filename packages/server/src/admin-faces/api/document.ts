import type { ApiRoutes } from './api-env.ts';

const description = `What people and programs alter and look up. docs/api/README.md is the page for people: signing in, ETag and
If-Match, Idempotency-Key, pages, problems, events, limits. docs/permissions.md says who may ask for what.`;

/** The nouns of the API, in the order of their importance. */
const tags: Readonly<Record<string, string>> = {
  changes: 'What somebody wants altered, when and why, and what becomes of it.',
  chains: 'Several changes, one after the other, signed and stopped as one.',
  preview: 'What edits would do to what clients get.',
  signals: 'What conditions compare, and what was read of it.',
  notices: 'Who is told of changes, and whether that worked.',
  stops: 'Emergency stops.',
  objects: 'Configuration by object, as it is and as it was.',
  configuration: 'All of it at once.',
  audit: 'What was done, by whom.',
  access: 'Who asks, tokens, sessions and one-time links.',
  api: 'This document.',
};

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
}

interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The API as OpenAPI 3.1 has it: every route that was added, each with a name of its own. */
export function documentOf(routes: ApiRoutes): object {
  const { openAPIRegistry: registry } = routes;
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token, of a user or a service account.',
  });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'sluice-session',
    description:
      '`__Host-sluice-session` behind https. What alters something needs `X-Sluice-CSRF` too, as /me tells it, and the ' +
      'origin of this server.',
  });
  const made = routes.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Sluice admin API', version: '1', description },
    servers: [{ url: '/', description: 'The admin listener.' }],
    security: [{ token: [] }, { session: [] }],
    tags: Object.entries(tags).map(([name, says]) => ({ name, description: says })),
  }) as unknown as Document;
  const paths = Object.entries(made.paths ?? {}).map(([path, operations]) => [path, named(path, operations)]);
  return withPlainPatterns({ ...made, paths: Object.fromEntries(paths) }) as object;
}

/** Expressions without their flags, which the generator writes behind them. JSON Schema reads all with the flag `u`. */
function withPlainPatterns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainPatterns);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isPattern = name === 'pattern' && typeof inner === 'string';
      return [name, isPattern ? inner.replace(/\/[a-z]*$/, '') : withPlainPatterns(inner)];
    }),
  );
}

function named(path: string, operations: Readonly<Record<string, Operation>>): object {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [
      method,
      { operationId: operationId(method, path), ...operation },
    ]),
  );
}

/** `postChangesByIdSignOff` of `POST /api/v1/changes/{id}/sign-off`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1\//, '')
    .replaceAll(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/);
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}
