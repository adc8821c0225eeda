import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answer, edge, makeFile, makeFolder, revisionIn, root, serve, sluice } from './sluice-process.ts';

const corpora = join(root, '../shared/corpora');
const isThere = existsSync(corpora);
const isLong = process.env['SLUICE_SOAK'] === '1';

interface Case {
  readonly fixture: string;
  readonly request: { readonly encoded_url?: string; readonly url: string; readonly headers?: Record<string, string> };
}

interface Corpus {
  readonly fixtures: Readonly<Record<string, unknown>>;
  readonly cases: readonly Case[];
}

/** What must be the same wherever it is asked. */
function essence({ status, headers, body }: Answer) {
  const told = ['content-type', 'rule-id', 'rule-data-version', 'cache-control'].map((name) => headers[name]);
  return { status, told, body };
}

describe.skipIf(!isThere)(`Balrog's own cases${isThere ? '' : ' (skipped: ../shared is absent)'}`, () => {
  test.each(isLong ? ['snapshots', 'client-cases', 'blobs'] : ['client-cases'])(
    'all of %s are answered by an edge just as by the node that it follows',
    async (name) => {
      const { fixtures, cases } = JSON.parse(readFileSync(join(corpora, `balrog-${name}.json`), 'utf8')) as Corpus;
      const token = 'an-edge-token-for-the-corpora-0123456789';
      const strict = ['--set', 'faces.aus.strictQuery=true'];
      const data = makeFolder();
      const node = await serve(data, [...strict, '--set', `edge.tokens=["${token}"]`]);
      const from = `http://127.0.0.1:${node.adminPort}`;
      const follower = await edge(makeFolder(), ['--from', from, ...strict], {
        environment: { SLUICE_EDGE_TOKEN: token },
      });
      let [asked, drawn] = [0, 0];
      for (const [id, fixture] of Object.entries(fixtures)) {
        const imported = await sluice('import', 'balrog', makeFile('bundle.json', fixture), '--data', data);
        await Promise.all([node.serves(revisionIn(imported)), follower.serves(revisionIn(imported))]);
        for (const { request } of cases.filter(({ fixture: of }) => of === id)) {
          const url = request.encoded_url ?? request.url;
          if (url.startsWith('/api/')) continue;
          const [one, other] = await Promise.all([node, follower].map((server) => server.ask(url, request.headers)));
          if (one === undefined || other === undefined) throw new Error('nobody answered');
          asked += 1;
          // The two draw for themselves.
          if (one.headers['cache-control'] === 'no-store') {
            drawn += 1;
            expect(other.status).toBe(one.status);
          } else expect(essence(other)).toEqual(essence(one));
        }
      }
      expect(asked).toBe(
        cases.filter(({ request }) => !(request.encoded_url ?? request.url).startsWith('/api/')).length,
      );
      expect(drawn).toBeLessThan(asked / 2);
      console.info(`${name}: ${asked} asked, ${drawn} of them with a draw`);
      await follower.stop();
      await node.stop();
    },
    300_000,
  );
});
