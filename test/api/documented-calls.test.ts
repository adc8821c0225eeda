import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { openApiServer } from '../../packages/server/src/admin-faces/api/api-server.fixture.ts';
import { made, operator, user } from '../../packages/server/src/app/changes/changing.fixture.ts';
import { examplesIn } from '../docs/pages.ts';
import { openTemporaryStore } from './open-temporary-store.ts';

const page = readFileSync(new URL('../../docs/api/README.md', import.meta.url), 'utf8');

interface Command {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the head of the answer is shown too, as `-i` does. */
  readonly withHead: boolean;
  readonly shown: readonly string[];
}

/** The commands of the page with what is shown below each. */
function readCommands(token: string): readonly Command[] {
  return examplesIn(page, 'console').flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((entry) => entry.startsWith('curl '))
      .map((entry): Command => {
        const [line = '', ...shown] = entry.trimEnd().split('\n');
        const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
          ([, double, single, plain]) => (double ?? plain)?.replace('$TOKEN', token) ?? single ?? '',
        );
        const after = (option: string) => words.flatMap((word, at) => (word === option ? [words[at + 1] ?? ''] : []));
        const [body] = after('-d');
        return {
          method: body === undefined ? 'GET' : 'POST',
          path: words.at(-1)?.replace('$URL', '') ?? '',
          headers: Object.fromEntries(after('-H').map((header) => header.split(': ', 2) as [string, string])),
          body,
          withHead: words.includes('-i'),
          shown,
        };
      }),
  );
}

/** Whether a line is what is shown, where `…` stands for anything. */
function isShown(line: string, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(line);
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

test('every command of the page is answered as it shows', async () => {
  const { store, remove } = await openTemporaryStore();
  undo.push(remove);
  const server = await openApiServer(store);
  undo.push(() => server.close());
  await server.workshop.propose(operator, [
    made('release', 'Firefox-1', {
      product: 'Firefox',
      blob: { schema_version: 50, name: 'Firefox-1', detailsUrl: 'https://example.org/', displayVersion: '1' },
    }),
    made('rule', '10', {
      priority: 100,
      product: 'Firefox',
      channel: 'release',
      release: 'Firefox-1',
      fallback: 'Firefox-1',
    }),
    made('user', 'ada@example.org', { roles: ['admin'] }),
    made('service-account', 'robot', { roles: [] }),
  ]);
  const commands = readCommands(await server.tokenOf(user('ada')));
  expect(commands.length).toBeGreaterThan(8);
  for (const { method, path, headers, body, withHead, shown } of commands) {
    const response = await fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) });
    const pairs = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    const head = [`HTTP/1.1 ${response.status} ${response.statusText}`, ...pairs];
    const lines = [...(withHead ? head : []), await response.text()];
    for (const line of shown) {
      const isThere = lines.some((one) => isShown(one, line));
      expect(isThere, `${method} ${path}\n${line}\n${lines.join('\n')}`).toBe(true);
    }
  }
});

test('a line that is not in an answer is found', () => {
  expect(isShown('{"a":1,"b":2}', '{"a":1,…}')).toBe(true);
  expect(isShown('{"a":2,"b":2}', '{"a":1,…}')).toBe(false);
  expect(isShown('{"a":1}', '{"a":1}}')).toBe(false);
});
