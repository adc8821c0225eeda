import fc from 'fast-check';
import { compile } from 'sluice';
import type { FacePreview } from '../../face.ts';
import { aus } from '../../faces/aus/index.ts';
import type { KindName } from '../../kind.ts';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { StoredObject, StoreEdit } from '../../store.ts';
import type { Assembled } from '../assemble-snapshot.ts';
import { toConfiguration } from '../load-configuration.ts';
import { type PreviewOptions, previewEdits } from './preview-edits.ts';
import type { PreviewReport } from './preview-report.ts';

/** What is served, with all releases in memory. */
export interface World extends Pick<Assembled, 'snapshot' | 'readRelease'> {
  readonly objects: readonly StoredObject[];
}

export function aWorld(objects: readonly StoredObject[], revision = 1): World {
  const whole = compile(toConfiguration(revision, objects));
  const snapshot = compile(
    toConfiguration(
      revision,
      objects.filter(({ kind }) => kind !== 'release'),
    ),
  );
  return { objects, snapshot, readRelease: (name) => whole.releases.get(name) };
}

export function anObject(kind: KindName, name: string, body: unknown): StoredObject {
  return { kind, name, version: 1, revision: 1, body };
}

export function anEdit(kind: KindName, name: string, body: unknown): StoreEdit {
  return { kind, name, body };
}

/** A rule of A that serves `A-2` to all, and to the others `A-1`. */
export function aRuleBody(more: object = {}): object {
  const share = { kind: 'percent', percent: 100 };
  return { priority: 100, share, updateType: 'minor', salt: 'r1v9x0q7m1z5c8b2', product: 'A', release: 'A-2', ...more };
}

export function percent(number: number): object {
  return { share: { kind: 'percent', percent: number } };
}

/** An application release for German and French on Linux. */
export function aReleaseBody(product: string, version: string, more: object = {}): object {
  const block = {
    buildID: `2026${version}`,
    completes: [
      { from: '*', filesize: 1000, hashValue: 'ab'.repeat(64), fileUrl: 'http://a.example.org/complete.mar' },
    ],
  };
  const blob = {
    name: `${product}-${version}`,
    schema_version: 4,
    appVersion: `${version}.0`,
    displayVersion: `${version}.0`,
    hashFunction: 'sha512',
    fileUrls: { '*': { completes: { '*': `http://a.example.org/${version}/%LOCALE%.mar` } } },
    platforms: { Linux: { OS_BOUNCER: 'linux', locales: { de: block, fr: block } } },
    ...more,
  };
  return { product, blob };
}

export function aRelease(product: string, version: string, more: object = {}): StoredObject {
  return anObject('release', `${product}-${version}`, aReleaseBody(product, version, more));
}

export const host = anObject('file-host', 'a.example.org', { host: 'a.example.org', products: ['A', 'B'] });

/** The line of an old client. */
export function aLine(said: { product?: string; channel?: string; locale?: string; query?: string } = {}): SampledLine {
  const { product = 'A', channel = 'release', locale = 'de', query = '' } = said;
  return {
    url: `/update/3/${product}/1.0/2020/Linux/${locale}/${channel}/os/default/default/update.xml${query}`,
    userAgent: undefined,
  };
}

/** The faces as a node opens them for previews. */
export const face = openAus();

function openAus(): FacePreview {
  const { snapshot, readRelease } = aWorld([]);
  const app = {
    snapshot: () => snapshot,
    readRelease,
    nowMs: () => 0,
    draw: () => 1,
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }) as const,
    version: { source: '', version: '', commit: '', build: '' },
  };
  const { preview } = aus.open(app, aus.settings.parse({}));
  if (preview === undefined) throw new Error('this face has previews');
  return preview;
}

export function previewOf(
  world: World,
  edits: readonly StoreEdit[],
  lines: readonly SampledLine[],
  more: Partial<PreviewOptions> = {},
): Promise<PreviewReport> {
  const { objects } = world;
  return previewEdits({ before: world, objects, edits, lines, faces: [face], regression: [], nowMs: 0, ...more });
}

/** What the edits make of a world. */
export function edited({ objects }: World, edits: readonly StoreEdit[]): World {
  const living = new Map(objects.map((object) => [`${object.kind} ${object.name}`, object]));
  for (const { kind, name, body } of edits) {
    if (body === undefined) living.delete(`${kind} ${name}`);
    else living.set(`${kind} ${name}`, { ...anObject(kind, name, body), version: 2 });
  }
  return aWorld([...living.values()], 2);
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const share = fc.constantFrom(0, 0.00001, 10, 25, 50, 99, 100).map((number) => percent(number));
const releaseName = fc.constantFrom('A-1', 'A-2', 'A-3', 'S-1', 'S-2', 'missing');

/** Worlds of two products and superblobs with rules, throttles, stops and pins in small numbers, so that they meet. */
export const anyObjects: fc.Arbitrary<readonly StoredObject[]> = fc
  .record({
    rules: fc.array(anyRule(), { maxLength: 6 }),
    throttles: fc.array(fc.tuple(fc.constantFrom('A', 'B'), fc.constantFrom(0, 30, 100)), { maxLength: 2 }),
    global: maybe(fc.constantFrom(0, 60, 100)),
    stops: fc.array(fc.record({ product: fc.constantFrom('A', 'B'), channel: fc.constantFrom('beta', 'release') }), {
      maxLength: 1,
    }),
    pins: fc.array(fc.constantFrom('A-1', 'A-2', 'S-1'), { maxLength: 1 }),
  })
  .map(({ rules, throttles, global, stops, pins }) => [
    host,
    ...['1', '2', '3'].map((version) => aRelease('A', version)),
    aRelease('B', '2'),
    anObject('release', 'S-1', superblob('S-1', { products: ['A', 'B'] })),
    anObject('release', 'S-2', superblob('S-2', { blobs: ['A-2', 'B-2'] })),
    ...rules.map((body, at) => anObject('rule', String(at + 1), body)),
    ...throttles.map(([product, rate], at) =>
      anObject('throttle', `${product}/1.${at}`, { product, version: '1.0', percent: rate, salt: 's' }),
    ),
    ...(global === undefined ? [] : [anObject('global-throttle', 'global', { on: true, percent: global, salt: 'g' })]),
    ...stops.map((body, at) => anObject('emergency-stop', `stop ${at}`, body)),
    ...pins.map((release) => anObject('pin', 'pin', { product: 'A', channel: 'release', version: '1.', release })),
  ]);

function superblob(name: string, more: object): object {
  return { product: 'S', blob: { name, schema_version: 4000, ...more } };
}

export function anyRule(): fc.Arbitrary<object> {
  return fc
    .record({
      share,
      priority: fc.nat(3),
      product: fc.constantFrom('A', 'A', 'B', 'S'),
      channel: maybe(fc.constantFrom('release', 'beta', 'rel*')),
      locale: maybe(fc.constantFrom('de', 'fr')),
      version: maybe(fc.constantFrom('<2.0', '1.0')),
      release: maybe(releaseName),
      fallback: maybe(releaseName),
      updateType: fc.constantFrom('minor', 'major'),
    })
    .map(({ share: shared, ...rest }) => {
      const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      return { salt: 'r1v9x0q7m1z5c8b2', ...said, ...shared };
    });
}

export const anyEdits: fc.Arbitrary<readonly StoreEdit[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 7 }), maybe(anyRule())).map(([id, body]) => anEdit('rule', String(id), body)),
    fc
      .constantFrom(0, 45, 100)
      .map((rate) => anEdit('global-throttle', 'global', { on: true, percent: rate, salt: 'g' })),
    fc.constantFrom('A', 'B').map((product) => anEdit('emergency-stop', 'new', { product })),
    fc.constantFrom('1', '2', '3').map((version) => anEdit('release', `A-${version}`, aReleaseBody('A', version))),
    fc
      .constantFrom('1', '2')
      .map((version) => anEdit('release', `A-${version}`, aReleaseBody('A', version, { appVersion: '9.0' }))),
    fc.constantFrom('A-2', 'S-1').map((name) => anEdit('release', name, undefined)),
    fc
      .constantFrom<readonly string[]>([], ['A'])
      .map((products) => anEdit('file-host', 'a.example.org', { host: 'a.example.org', products })),
  ),
  { maxLength: 3 },
);

const saidByClients = fc.record({
  product: fc.constantFrom('A', 'A', 'B', 'S', 'C'),
  channel: fc.constantFrom('release', 'beta', 'release-cck-acme'),
  locale: fc.constantFrom('de', 'fr', 'it'),
  query: fc.constantFrom('', '', '?force=1', '?force=-1', '?pin=1.', '?pin=x'),
});

export const anyLines: fc.Arbitrary<readonly SampledLine[]> = fc.array(saidByClients.map(aLine), { maxLength: 8 });
