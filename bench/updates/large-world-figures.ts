import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeSalt } from '../../packages/server/src/app/draw-ticket.ts';
import type { KindName } from '../../packages/server/src/kind.ts';
import type { Store } from '../../packages/server/src/store.ts';
import { openSqliteStore } from '../../packages/server/src/stores/sqlite/open-sqlite-store.ts';
import { figure, median } from '../harness.ts';
import { familyOf, residentMb } from '../peers/processes.ts';
import { requestsPerCpuSecond, type SluicePeer, serveFrom, startNode } from '../peers/servers.ts';
import { largeWorld, largeWorldUrls } from '../worlds/large-world.ts';

const note = { author: 'bench', reason: 'a large world' };
const rounds = 20;

/** 10 000 rules and 500 releases of 8 platforms and 100 locales: memory, the first answer, and until a change is served. */
export async function largeWorldFigures(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const data = join(folder, 'data');
  const store = await openSqliteStore(join(data, 'sluice.db'));
  for (const objects of largeWorld()) {
    const edits = objects.map(({ kind, name, ...body }) => {
      const isHost = kind === 'file-host';
      const salted = kind === 'rule' ? { updateType: 'minor', ...shareOf(body), salt: makeSalt() } : {};
      return {
        kind: kind as KindName,
        name: isHost ? String(body['host']) : String(name),
        body: { ...body, ...salted },
      };
    });
    await store.commit(edits, { ...note, atMs: Date.now() });
  }
  try {
    await firstAnswers(data);
    await served(data, join(folder, 'edge'), store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shareOf({ share }: Readonly<Record<string, unknown>>) {
  return typeof share === 'number' ? { share: { kind: 'percent', percent: share } } : {};
}

async function firstAnswers(data: string): Promise<void> {
  figure('time to the first answer, nothing kept on the disk', await firstAnswer(data, []), 's');
  const kept = [];
  for (let round = 0; round < 5; round += 1) kept.push(await firstAnswer(data, []));
  figure('time to the first answer', median(kept), 's', { most: 3 });
  figure('time to the first answer, two workers', await firstAnswer(data, ['--workers', '2']), 's', { most: 3 });
}

async function firstAnswer(data: string, args: readonly string[]): Promise<number> {
  const [url = ''] = largeWorldUrls(1);
  const startedMs = performance.now();
  const node = await serveFrom(data, args);
  await (await fetch(node.url + url)).text();
  const seconds = (performance.now() - startedMs) / 1000;
  await node.close();
  return seconds;
}

async function served(data: string, edgeData: string, store: Store): Promise<void> {
  const token = 'a'.repeat(32);
  const node = await serveFrom(data, ['--workers', '2', '--set', `edge.tokens=["${token}"]`]);
  const edge = await startNode(['edge', '--from', String(node.adminUrl), '--data', edgeData], undefined, {
    SLUICE_EDGE_TOKEN: token,
  });
  const urls = largeWorldUrls(4000);
  const perCpuSecond = await requestsPerCpuSecond(node, urls, { seconds: 10 });
  figure('requests per server CPU second, 4 000 URLs over 500 releases', perCpuSecond, 'per CPU second');
  const [primary = 0, ...workers] = familyOf(node.pid);
  figure('memory of a worker', Math.max(...workers.map(residentMb)), 'MiB', { most: 250 });
  figure('memory of the primary', residentMb(primary), 'MiB');

  const [own, other]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const [ownMs, otherMs] = await changeServed(store, [node, edge], round);
    own.push(ownMs ?? Number.NaN);
    other.push(otherMs ?? Number.NaN);
  }
  figure('a change of one rule is served after, median', median(own), 'ms', { most: 50 });
  figure('a change of one rule is served after, slowest of 20', Math.max(...own), 'ms');
  figure('a change of one rule is served by an edge after, median', median(other), 'ms', { most: 250 });
  figure('a change of one rule is served by an edge after, slowest of 20', Math.max(...other), 'ms');
  await edge.close();
  await node.close();
}

/** How long after the commit of a rule each node answers by its new version, in milliseconds. */
async function changeServed(store: Store, nodes: readonly SluicePeer[], round: number): Promise<readonly number[]> {
  const rule = await store.get('rule', '20');
  const body = { ...(rule?.body as object), comment: `round ${round}` };
  await store.commit([{ kind: 'rule', name: '20', body }], { ...note, atMs: Date.now() });
  const committedMs = performance.now();
  const wanted = String((rule?.version ?? 0) + 1);
  const path =
    '/update/3/Product0/151.0/20261001142000/Linux_x86_64-gcc3/l07-XX/nightly/Linux/default/default/update.xml';
  return Promise.all(
    nodes.map(async ({ url }) => {
      for (;;) {
        const answer = await fetch(url + path);
        await answer.text();
        if (answer.headers.get('rule-data-version') === wanted) return performance.now() - committedMs;
        if (performance.now() - committedMs > 10_000) return Number.POSITIVE_INFINITY;
        // Asking without a pause would take the time that it is to measure.
        await pause(1);
      }
    }),
  );
}
