/**
 * How fast update checks are decided and answered.
 *
 * - cold decisions: an update URL is read and decided in process, nothing is remembered between two of them
 * - cold answers: the same, and its XML written
 * - requests per server CPU second, against a bare node:http server that sends the same bytes
 */
import { compile, decide } from 'sluice';
import { prepareEdits } from '../packages/server/src/app/commit-edits.ts';
import { drawTicket, makeSalt } from '../packages/server/src/app/draw-ticket.ts';
import { toConfiguration } from '../packages/server/src/app/load-configuration.ts';
import { parse } from '../packages/server/src/faces/aus/parse.ts';
import { renderXml } from '../packages/server/src/faces/aus/render.ts';
import type { KindName } from '../packages/server/src/kind.ts';
import { calibrate, figure, finish, interleaved, perCpuSecond } from './harness.ts';
import { openBareServer, openSluice, requestsPerCpuSecond } from './peers/servers.ts';
import { type UpdatesWorld, updatesWorld } from './worlds/updates.ts';

const world = updatesWorld();
const speed = await calibrate();

const { cold, answered } = inProcess(world);
const { medians } = await interleaved({
  cold: () => perCpuSecond(cold, 300),
  answered: () => perCpuSecond(answered, 300),
});
figure('cold decisions', medians.cold, 'per CPU second', 150_000 * speed);
figure('cold answers', medians.answered, 'per CPU second');

const sluice = await openSluice(world);
const bare = await openBareServer(sluice, world.urls);
const served = await interleaved({
  sluice: () => requestsPerCpuSecond(sluice, world.urls),
  bare: () => requestsPerCpuSecond(bare, world.urls),
});
figure('requests per server CPU second', served.medians.sluice, 'per CPU second');
figure('requests per server CPU second, bare node:http', served.medians.bare, 'per CPU second');
figure('requests per server CPU second, sluice to bare node:http', served.ratio('sluice', 'bare'), 'x');
await sluice.close();
await bare.close();
finish();

function inProcess({ objects, urls }: UpdatesWorld): Readonly<Record<'cold' | 'answered', () => number>> {
  const edits = objects.map(({ kind, name, ...body }) => ({
    kind: kind as KindName,
    body,
    at: String(name),
    ...(typeof name === 'string' && { name }),
  }));
  const prepared = prepareEdits([], edits, { makeSalt, doubts: 'refuse', code: 'invalid-object' });
  const stored = prepared.edits.map((edit) => ({ ...edit, version: 1, revision: 1 }));
  const snapshot = compile(toConfiguration(1, stored));
  const options = { strictQuery: false };
  const run = (url: string, write: boolean): void => {
    const question = parse(url, undefined, options);
    if (question.kind !== 'question') throw new Error(`no update URL: ${url}`);
    const decision = decide(snapshot, question.request, Date.now(), drawTicket);
    if (write) renderXml(decision, question.request, snapshot);
  };
  const over = (write: boolean) => (): number => {
    for (const url of urls) run(url, write);
    return urls.length;
  };
  return { cold: over(false), answered: over(true) };
}
