import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { environment, makeFile, makeFolder, root, serve, sluice } from './sluice-process.ts';

const shared = join(root, '../shared');
const tool = join(shared, 'tools/balrog-conformance.mjs');
const isThere = existsSync(tool);

interface Case {
  readonly id: string;
  readonly fixture: string;
  readonly request: { readonly encoded_url: string };
  readonly expect: readonly { readonly kind: string; readonly value: string }[];
}

interface Corpus {
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly cases: readonly Case[];
}

function fileOf(corpus: string): string {
  return join(shared, 'corpora', `balrog-${corpus}.json`);
}

/** Its expected text has `<locale>` inside an attribute, which no XML reader takes and which we escape. */
const malformed = { corpus: 'blobs', fixture: 'B13', id: 'TestDesupportBlob.testDesupport' };

interface Replay {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

const replaying: ChildProcess[] = [];
afterAll(() => {
  for (const { exitCode, pid } of replaying) if (exitCode === null && pid !== undefined) process.kill(-pid, 'SIGKILL');
});

interface ReplayOptions {
  readonly serveArgs?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function replay(corpus: string, { serveArgs = '', environment: more }: ReplayOptions = {}): Promise<Replay> {
  const child = spawn(process.execPath, [tool, fileOf(corpus), '--root', root, '--serve-args', serveArgs], {
    cwd: makeFolder(),
    env: { ...environment, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
    // In a group of its own, so that its servers can be ended with it.
    detached: true,
  });
  replaying.push(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  const [, passed, skipped] = /^(\d+) passed, \d+ failed, (\d+) skipped$/m.exec(output) ?? [];
  const failures = [...output.matchAll(/^FAIL (.*)$/gm)].map(([, name = '']) => name);
  if (failures.some((name) => !name.includes(malformed.id))) console.info(output);
  return { passed: Number(passed), skipped: Number(skipped), failures };
}

const untested = { snapshots: 0, 'client-cases': 4, blobs: 0 };
type Name = keyof typeof untested;
const all = Object.keys(untested) as readonly Name[];

/** What is replayed besides the embedded database takes as long again, each. */
const isLong = process.env['SLUICE_SOAK'] === '1';

/** Replays corpora side by side, since they mostly wait, and holds what comes of it to what Balrog answers. */
function testReplays(corpora: readonly Name[], optionsFor: () => Promise<ReplayOptions>): void {
  const replays = new Map<string, Promise<Replay>>();
  beforeAll(async () => {
    for (const corpus of corpora) replays.set(corpus, replay(corpus, await optionsFor()));
  });

  test.each(corpora)(
    'all of %s are answered as Balrog does',
    async (corpus) => {
      const skipped = untested[corpus];
      const { cases } = JSON.parse(readFileSync(fileOf(corpus), 'utf8')) as Corpus;
      const failures = corpus === malformed.corpus ? [`${malformed.fixture} ${malformed.id}`] : [];
      const passed = cases.length - skipped - failures.length;
      expect(await replays.get(corpus)).toEqual({ passed, skipped, failures });
      console.info(`${corpus}: ${passed} of ${cases.length} cases pass, ${skipped} are for another API`);
    },
    300_000,
  );
}

describe.skipIf(!isThere)(`Balrog's own cases${isThere ? '' : ' (skipped: ../shared is absent)'}`, () => {
  describe('on the embedded database', () => testReplays(all, async () => ({})));
  describe('with two workers', () =>
    testReplays(isLong ? all : ['client-cases'], async () => ({ serveArgs: '--workers 2' })));
  describeWithPostgres('on PostgreSQL', (server) =>
    testReplays(isLong ? all : ['blobs'], async () => ({
      environment: { DATABASE_URL: await server().makeDatabase() },
    })),
  );

  test('what is not well-formed in its expectation is escaped, and otherwise the same', async () => {
    const { cases, fixtures } = JSON.parse(readFileSync(fileOf(malformed.corpus), 'utf8')) as Corpus;
    const found = cases.find(({ id, fixture }) => id === malformed.id && fixture === malformed.fixture);
    const wanted = found?.expect.find(({ kind }) => kind === 'xml')?.value ?? '';
    const data = makeFolder();
    await sluice('import', 'balrog', makeFile('bundle.json', fixtures[malformed.fixture]), '--data', data);
    const server = await serve(data);
    const { status, body } = await server.ask(found?.request.encoded_url ?? '');
    await server.stop();

    expect(status).toBe(200);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    const openBracketInAttribute = /="[^"]*<[^"]*"/;
    expect(wanted).toMatch(openBracketInAttribute);
    expect(body).not.toMatch(openBracketInAttribute);
    expect(parser.parse(body, true)).toMatchObject({
      updates: { update: { detailsURL: 'http://moo.com/<locale>/cow/<version>/Darwin', displayVersion: '50.0' } },
    });
    const unescaped = body.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    const onOneLine = (text: string) => text.replace(/\s*\n\s*/g, '');
    expect(onOneLine(unescaped)).toBe(onOneLine(wanted));
  });
});
