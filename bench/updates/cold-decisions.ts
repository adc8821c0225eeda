import { compile, decide } from 'sluice';
import { drawTicket, makeSalt } from '../../packages/server/src/app/draw-ticket.ts';
import { toConfiguration } from '../../packages/server/src/app/load-configuration.ts';
import { prepareEdits } from '../../packages/server/src/app/prepare-edits.ts';
import { parse } from '../../packages/server/src/faces/aus/parse.ts';
import { renderXml } from '../../packages/server/src/faces/aus/render.ts';
import type { KindName } from '../../packages/server/src/kind.ts';
import { figure, interleaved, perCpuSecond } from '../harness.ts';
import type { UpdatesWorld } from '../worlds/updates.ts';

/** Decisions and answers in process; the bar is for the reference machine and is scaled by `speed`. */
export async function coldDecisions(world: UpdatesWorld, speed: number): Promise<void> {
  const { cold, answered } = inProcess(world);
  const { medians } = await interleaved({
    cold: () => perCpuSecond(cold, 300),
    answered: () => perCpuSecond(answered, 300),
  });
  figure('cold decisions', medians.cold, 'per CPU second', { least: 150_000 * speed });
  figure('cold answers', medians.answered, 'per CPU second');
}

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
