import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

async function replay(corpus: string): Promise<Replay> {
  const child = spawn(process.execPath, [tool, fileOf(corpus), '--root', root], {
    cwd: makeFolder(),
    env: environment,
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
  return { passed: Number(passed), skipped: Number(skipped), failures };
}

describe.skipIf(!isThere)(`Balrog's own cases${isThere ? '' : ' (skipped: ../shared is absent)'}`, () => {
  const replays = new Map<string, Promise<Replay>>();
  beforeAll(() => {
    // They mostly wait, so they run side by side.
    for (const corpus of ['snapshots', 'client-cases', 'blobs']) replays.set(corpus, replay(corpus));
  });

  const untested = { snapshots: 0, 'client-cases': 4, blobs: 0 };
  test.each(Object.entries(untested))(
    'all of %s are answered as Balrog does',
    async (corpus, skipped) => {
      const { cases } = JSON.parse(readFileSync(fileOf(corpus), 'utf8')) as Corpus;
      const failures = corpus === malformed.corpus ? [`${malformed.fixture} ${malformed.id}`] : [];
      const passed = cases.length - skipped - failures.length;
      expect(await replays.get(corpus)).toEqual({ passed, skipped, failures });
      console.info(`${corpus}: ${passed} of ${cases.length} cases pass, ${skipped} are for another API`);
    },
    300_000,
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
