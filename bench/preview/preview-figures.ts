import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, decide } from 'sluice';
import { openAssembly } from '../../packages/server/src/app/assemble-snapshot.ts';
import { drawTicket, makeSalt } from '../../packages/server/src/app/draw-ticket.ts';
import { toConfiguration } from '../../packages/server/src/app/load-configuration.ts';
import { prepareEdits } from '../../packages/server/src/app/prepare-edits.ts';
import { previewEdits } from '../../packages/server/src/app/preview/preview-edits.ts';
import type { App, FacePreview } from '../../packages/server/src/face.ts';
import { aus } from '../../packages/server/src/faces/aus/index.ts';
import type { KindName } from '../../packages/server/src/kind.ts';
import type { ReleaseBody } from '../../packages/server/src/kinds/release.ts';
import type { SampledLine } from '../../packages/server/src/sample/sampled-line.ts';
import { ReleaseShelf } from '../../packages/server/src/snapshot/release-shelf.ts';
import type { StoredObject, StoreEdit } from '../../packages/server/src/store.ts';
import { figure, interleaved } from '../harness.ts';
import { type UpdatesWorld, updatesWorld } from '../worlds/updates.ts';

const lineCount = 10_000;

/** Previews of one change each, beside the bare decisions of the same lines by both snapshots. */
export async function previewFigures(speed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const world = updatesWorld();
  const { objects, shelf } = await onShelf(world, folder);
  const assembly = openAssembly(shelf);
  const mark = { revision: 1, commit: '' };
  const before = assembly.adopt({ mark, whole: true, objects, deleted: [] });
  const rules = objects.filter(({ kind }) => kind === 'rule');
  const lines = linesOf(world);
  const face = openFace(before);
  // The second is a background request, and not up to date.
  const met = face.question({ method: 'GET', url: lines[1]?.url ?? '', userAgent: undefined });
  const isMet = ({ kind, body }: StoredObject): boolean => {
    const { product, channel, fallback } = body as Partial<Record<string, unknown>>;
    return kind === 'rule' && product === met?.product && channel === met?.channel && fallback !== undefined;
  };
  const changed = (is: (object: StoredObject) => boolean, more: object): readonly StoreEdit[] => {
    const found = objectsOf(world).filter(is).slice(0, 1);
    return found.map(({ kind, name, body }) => ({ kind, name, body: { ...(body as object), ...more } }));
  };
  const preview = async (edits: readonly StoreEdit[]): Promise<number> => {
    const options = { before, objects, edits, lines, faces: [face], regression: [], nowMs: Date.now() };
    const { total, complete } = await previewEdits(options);
    if (!complete || total.lines !== lineCount) throw new Error('not all lines were looked at');
    return total.differing;
  };
  const oneRule = changed(isMet, { share: { kind: 'percent', percent: 50 } });
  const oneRelease = changed(({ kind }) => kind === 'release', {});
  const differing = await preview(oneRule);
  if (differing === 0) throw new Error('the rule that is changed must be met');
  const requests = lines.map((line) => face.question({ method: 'GET', ...line }));
  const whole = compile(toConfiguration(1, objectsOf(world)));
  const bare = (): void => {
    for (const request of [...requests, ...requests]) if (request !== undefined) decide(whole, request, 0, drawTicket);
  };
  const { medians, ratio } = await interleaved({
    rule: () => perSecond(() => preview(oneRule)),
    release: () => perSecond(() => preview(oneRelease)),
    decisions: () => perSecond(bare),
  });
  figure('rules in the world', rules.length, 'rules');
  figure('lines that differ', differing, 'lines');
  figure('preview of one rule', 1000 / medians.rule, 'ms', { most: 1000 / speed });
  figure('preview of one release', 1000 / medians.release, 'ms');
  figure('20 000 bare decisions of questions that are read already', 1000 / medians.decisions, 'ms');
  figure('preview of one rule to bare decisions', ratio('decisions', 'rule'), 'x the time');
  figure('preview of one release to bare decisions', ratio('decisions', 'release'), 'x the time');
  rmSync(folder, { recursive: true, force: true });
}

/** How often something could be done in a second of real time. */
async function perSecond(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return 1000 / (performance.now() - startMs);
}

function objectsOf({ objects }: UpdatesWorld): readonly StoredObject[] {
  const edits = objects.map(({ kind, name, ...body }) => ({
    kind: kind as KindName,
    body,
    at: String(name),
    ...(typeof name === 'string' && { name }),
  }));
  const prepared = prepareEdits([], edits, { makeSalt, doubts: 'refuse', code: 'invalid-object' });
  return prepared.edits.map((edit) => ({ ...edit, version: 1, revision: 1 }));
}

/** The objects as a node has them: releases are files. */
async function onShelf(world: UpdatesWorld, folder: string) {
  const shelf = new ReleaseShelf({ folder, memoryBytes: 64 * 1024 * 1024 });
  const objects: StoredObject[] = [];
  for (const object of objectsOf(world)) {
    const body = object.kind === 'release' ? await shelf.put(object.body as ReleaseBody) : object.body;
    objects.push({ ...object, body });
  }
  return { objects, shelf };
}

/** The lines of the world as clients with other amounts of memory ask them. */
function linesOf({ urls }: UpdatesWorld): readonly SampledLine[] {
  return Array.from({ length: lineCount }, (_, index) => ({
    url: (urls[index % urls.length] ?? '').replace(/MEM%3A\d+/, `MEM%3A${4096 + index}`),
    userAgent: undefined,
  }));
}

function openFace({
  snapshot,
  readRelease,
}: Pick<App, 'readRelease'> & { readonly snapshot: ReturnType<App['snapshot']> }): FacePreview {
  const app: App = {
    snapshot: () => snapshot,
    readRelease,
    nowMs: Date.now,
    draw: drawTicket,
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
  };
  const { preview } = aus.open(app, aus.settings.parse({}));
  if (preview === undefined) throw new Error('this face has previews');
  return preview;
}
