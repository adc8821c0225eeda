import { type AppBlob, compile, decide, emptyConfiguration, type Snapshot } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { App, FacePreview, OpenFace } from '../../face.ts';
import type { SampledLine } from '../../sample/sampled-line.ts';
import { snapshotOf } from './answer.fixture.ts';
import { aus } from './index.ts';

const release: AppBlob = {
  name: 'MyApp-2.0',
  schema_version: 9,
  appVersion: '2.0',
  platforms: { Linux: { buildID: '2', locales: { de: {} } } },
};
const url = '/update/1/MyApp/1.0/1/Linux/de/release/update.xml';
const served = () => snapshotOf(release, { request: { platform: 'Linux' } });

/** A face with a clock, which wants each line offered again after 100 ms, and what it offered. */
function openOffering(settings: unknown = {}) {
  const now = { ms: 1000, snapshot: served() };
  const offered: SampledLine[] = [];
  const app: App = {
    snapshot: () => now.snapshot,
    nowMs: () => now.ms,
    draw: () => 1,
    readRelease: (name) => now.snapshot.releases.get(name),
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
    offerLine: (line, nowMs) => {
      offered.push(line);
      return nowMs + 100;
    },
  };
  const face = aus.open(app, aus.settings.parse(settings));
  return { now, offered, face, ask: (asked: string) => ask(face, asked) };
}

function ask(face: OpenFace, asked: string): number | undefined {
  return face.answer({ method: 'GET', url: asked, userAgent: 'curl' })?.status;
}

describe('a line', () => {
  test('is offered for previews when it is new, and then only now and then', () => {
    const { now, offered, ask: get } = openOffering();
    for (let time = 0; time < 5; time += 1) get(url);
    expect(offered).toEqual([{ url, userAgent: undefined }]);
    now.ms += 99;
    get(url);
    expect(offered).toHaveLength(1);
    now.ms += 1;
    for (let time = 0; time < 5; time += 1) get(url);
    expect(offered).toHaveLength(2);
  });

  test('is offered again with a new snapshot', () => {
    const { now, offered, ask: get } = openOffering();
    get(url);
    now.snapshot = served();
    get(url);
    expect(offered).toHaveLength(2);
  });

  test('is offered without what this face ignores', () => {
    const { offered, ask: get } = openOffering();
    get(`${url}?id=17&force=1`);
    expect(offered.map((line) => line.url)).toEqual([`${url}?force=1`]);
  });

  test.each(['/update/nothing', '/elsewhere', `${url}?pin=`])('is not offered where it is no question: %s', (asked) => {
    const { offered, ask: get } = openOffering();
    get(asked);
    expect(offered).toEqual([]);
  });

  test('is answered alike where nothing is kept for previews', () => {
    const { face } = openOffering();
    const snapshot = served();
    const bare = aus.open(
      {
        snapshot: () => snapshot,
        nowMs: () => 1000,
        draw: () => 1,
        readRelease: (name) => snapshot.releases.get(name),
        checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
        version: { source: '', version: '', commit: '', build: '' },
      },
      aus.settings.parse({}),
    );
    const asked = { method: 'GET', url, userAgent: undefined };
    expect(bare.answer(asked)).toEqual(face.answer(asked));
  });
});

describe('the preview of this face', () => {
  const previewOf = (settings: unknown = {}): FacePreview => {
    const { preview } = openOffering(settings).face;
    if (preview === undefined) throw new Error('it has one');
    return preview;
  };
  const asked = { method: 'GET', url, userAgent: undefined };
  const draw = () => 1;

  test('asks what the line asks, and nothing where it is no question', () => {
    expect(previewOf().question(asked)).toMatchObject({ product: 'MyApp', locale: 'de', forced: 'no' });
    expect(previewOf().question({ ...asked, url: '/update/nothing' })).toBeUndefined();
    expect(previewOf({ strictQuery: true }).question({ ...asked, url: `${url}?x=1` })).toBeUndefined();
  });

  test.each<[string, Snapshot]>([
    ['an update', served()],
    ['nothing', compile(emptyConfiguration)],
  ])('writes %s as it is answered', (_, snapshot) => {
    const { now, face } = openOffering();
    now.snapshot = snapshot;
    const preview = previewOf();
    const request = preview.question(asked);
    if (request === undefined) throw new Error('it is a question');
    const written = preview.write(asked, decide(snapshot, request, 0, draw), snapshot);
    expect(written).toMatchObject({ body: face.answer(asked)?.body, status: 200 });
  });
});
