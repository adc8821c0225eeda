import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type Blob,
  branchOf,
  compile,
  type Decision,
  decideOutcome,
  emptyConfiguration,
  firstTicket,
  gatherReleases,
  lastTicket,
  type Outcome,
  outcomeOf,
  type ReadRelease,
  type Release,
  type Request,
  type Snapshot,
  withReleases,
} from 'sluice';
import { afterAll, describe, expect, test } from 'vitest';
import type { Reply } from '../../face.ts';
import type { ShelvedRelease } from '../../snapshot/manifest.ts';
import { decodeReleaseHead, encodeReleaseFile, partOf } from '../../snapshot/release-file.ts';
import { ReleaseShelf } from '../../snapshot/release-shelf.ts';
import { answer } from './answer.ts';
import { allowedHost, arbitraryBlob, arbitraryRequest, schemaVersions } from './arbitrary-blob.fixture.ts';
import { parse } from './parse.ts';

const product = 'MyApp';
const names = ['main', 'a', 'b', 'c', 'constructor'];
const percent = fc.constantFrom(0, 50, 100);
const ticket = fc.oneof(fc.constantFrom(8_388_607, 8_388_608), fc.integer({ min: firstTicket, max: lastTicket }));

/** One platform in five goes by a name that an assignment would lose, and of build ids there are few enough to meet. */
function bent(blob: Blob): Blob {
  return JSON.parse(JSON.stringify(blob).replaceAll('"mac"', '"__proto__"'), (key, value) =>
    key === 'buildID' ? ['0', '1', '9'][String(value).length % 3] : value,
  );
}

/** Application releases and superblobs are in it more often than the others: only they make anything else be read. */
const schema = fc.oneof(fc.constantFrom(1, 3, 4, 8, 9), fc.constant(4000), fc.constantFrom(...schemaVersions));
const world = fc.record({
  blobs: fc.tuple(...names.map((name) => schema.chain((one) => arbitraryBlob(one, name)))),
  shares: fc.tuple(percent, percent, percent),
  throttle: fc.option(percent, { nil: undefined, freq: 2 }),
  pinned: fc.constantFrom(...names, 'missing'),
  missing: fc.constantFrom(undefined, undefined, ...names),
  request: arbitraryRequest,
  tickets: fc.array(ticket, { minLength: 1, maxLength: 4 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function releasesOf({ blobs, missing }: World): readonly Release[] {
  const all = blobs.map((blob) => ({ name: blob.name, product, blob: bent(blob) }));
  return all.filter(({ name }) => name !== missing);
}

function snapshotOf({ shares, throttle, pinned }: World, releases: readonly Release[]): Snapshot {
  const rule = { priority: 1, updateType: 'minor', salt: '0123456789abcdef' } as const;
  const [main, a, b] = shares.map((share) => ({ kind: 'percent', percent: share }) as const);
  const rules = [
    { ...rule, id: 1, product, release: 'main', fallback: 'a', share: main },
    { ...rule, id: 2, product: 'a', release: 'b', fallback: 'c', share: a },
    { ...rule, id: 3, product: 'b', release: 'constructor', fallback: 'main', share: b },
    { ...rule, id: 4, product: 'constructor', release: 'main', share: a },
  ];
  const pins = [product, 'a'].map((one) => ({ product: one, channel: 'release', version: '1.', release: pinned }));
  const throttles =
    throttle === undefined ? [] : [{ product, version: '0.5', percent: throttle, salt: '0123456789abcdef' }];
  return compile({
    ...emptyConfiguration,
    rules: rules.flatMap(({ share, ...rest }) =>
      share === undefined ? [] : [{ version: 1, value: { ...rest, share } }],
    ),
    releases: releases.map((value) => ({ version: 1, value })),
    pins: pins.map((value) => ({ version: 1, value })),
    throttles: throttles.map((value) => ({ version: 1, value })),
    fileHosts: [{ version: 1, value: { host: allowedHost, products: [product, 'a', 'b', 'c'] } }],
    settings: { forceUrlPrefixes: [`https://${allowedHost}/`], signedProducts: [] },
  });
}

/** What a decision says, without the releases themselves, of which one side has parts only. */
function told({ revision, ...decision }: Decision): unknown {
  if (decision.kind !== 'serve') return decision;
  const { release, parts, products, ...rest } = decision;
  return {
    ...rest,
    release: release.name,
    parts: parts.map((part) => ({ ...part, release: part.release.name })),
    products: products?.map((one): unknown => ({ product: one.product, decision: told(one.decision) })),
  };
}

const routes = ['/update/1/a/1/1/l/de/r/update.xml', '/json/1/a/1/l/r/update.json'].map((url) => {
  const question = parse(url, undefined, { strictQuery: false });
  if (question.kind !== 'question') throw new Error(`${url} is no question`);
  return question.route;
});

function drawFrom(tickets: readonly number[]): () => number {
  let drawn = 0;
  return () => tickets[drawn++ % tickets.length] ?? firstTicket;
}

interface Answered {
  readonly decision: unknown;
  readonly replies: readonly Reply[];
}

function answerFrom(outcome: Outcome, request: Request, tickets: readonly number[]): Answered {
  const decision = decideOutcome(outcome, 0, drawFrom(tickets));
  const options = { maxAgeSeconds: 90, signer: undefined };
  const replies = routes.map((route) =>
    answer({ kind: 'question', route, request }, decision, outcome.snapshot, options),
  );
  return { decision: told(decision), replies };
}

/** Both answers to a request: from everything, and from what was gathered for it. */
function both(given: World, read: ReadRelease) {
  const { request, tickets } = given;
  const whole = answerFrom(outcomeOf(snapshotOf(given, releasesOf(given)), request), request, tickets);
  const outcome = outcomeOf(snapshotOf(given, []), request);
  const releases = gatherReleases(outcome, branchOf(outcome, 0, drawFrom(tickets)), read);
  return { whole, outcome, releases, gathered: answerFrom(withReleases(outcome, releases), request, tickets) };
}

/** Reads parts of release files that are in memory. */
function fromMemory(releases: readonly Release[]): ReadRelease {
  const files = new Map(
    releases.map(({ name, ...body }) => {
      const { bytes } = encodeReleaseFile(body);
      return [name, { bytes, head: decodeReleaseHead(bytes) }];
    }),
  );
  return (name, part) => {
    const file = files.get(name);
    return file && partOf(name, file.head, part, (offset, length) => file.bytes.subarray(offset, offset + length));
  };
}

describe('what is answered from the releases that were gathered for a request', () => {
  test('is what is answered from all of them, whatever they are', () => {
    const seen = { served: 0, superblobs: 0, pinned: 0, bySource: 0 };
    fc.assert(
      fc.property(world, (given) => {
        const { whole, gathered, outcome, releases } = both(given, fromMemory(releasesOf(given)));
        expect(gathered).toEqual(whole);
        const decision = whole.decision as { kind: string; candidate?: string; products?: unknown; pin?: unknown };
        if (decision.kind !== 'serve') return;
        seen.served += 1;
        if (decision.products !== undefined) seen.superblobs += 1;
        if (decision.pin !== undefined) seen.pinned += 1;
        const candidate = [...releases].filter(([name]) => name === decision.candidate);
        const alone = answerFrom(withReleases(outcome, new Map(candidate)), given.request, given.tickets);
        if (decision.products === undefined && JSON.stringify(alone) !== JSON.stringify(whole)) seen.bySource += 1;
      }),
      { seed: 1, numRuns: 4000 },
    );
    // Or else the property says little.
    expect(seen.served).toBeGreaterThan(500);
    expect(seen.superblobs).toBeGreaterThan(50);
    expect(seen.pinned).toBeGreaterThan(30);
    expect(seen.bySource).toBeGreaterThan(20);
  });

  test('never depends on anything that was not gathered: other releases may be as they like', () => {
    fc.assert(
      fc.property(world, (given) => {
        const asked = new Map<string, Release>();
        const all = new Map(releasesOf(given).map((release) => [release.name, release]));
        const { gathered, whole } = both(given, (name) => {
          const release = all.get(name);
          if (release !== undefined) asked.set(name, release);
          return release;
        });
        expect(gathered).toEqual(whole);
        const { request, tickets } = given;
        const less = outcomeOf(snapshotOf(given, [...asked.values()]), request);
        expect(answerFrom(less, request, tickets)).toEqual(whole);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  const folder = mkdtempSync(join(tmpdir(), 'sluice-gathered-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is the same from files on the disk, however little of them stays in memory', async () => {
    let reads = 0;
    const onRead = () => {
      reads += 1;
    };
    // The releases of all worlds share the shelf, and most are gone from its memory when they are asked for again.
    const shelf = new ReleaseShelf({ folder, memoryBytes: 8_000, onRead });
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const places = new Map<string, ShelvedRelease>();
        for (const { name, ...body } of releasesOf(given)) places.set(name, await shelf.put(body));
        const read: ReadRelease = (name, part) => {
          const place = places.get(name);
          return place && shelf.read(name, place, part);
        };
        for (let again = 0; again < 2; again += 1) {
          const { gathered, whole } = both(given, read);
          expect(gathered).toEqual(whole);
        }
      }),
      { seed: 3, numRuns: 150 },
    );
    expect(reads).toBeGreaterThan(100);
  });
});
