import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blob } from 'sluice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EdgeNode, openEdgeNode } from '../../admin-faces/edge/edge-node.fixture.ts';
import { noMark } from '../../snapshot/manifest.ts';
import { writeManifest } from '../../snapshot/manifest-file.ts';
import type { StoredObject } from '../../store.ts';
import { type EdgePlace, openEdgePlace } from './edge-place.fixture.ts';
import { type OddNode, openOddNode } from './odd-node.fixture.ts';

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519');
const shownKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

let node: EdgeNode;
let odd: OddNode;
let edge: EdgePlace;
beforeEach(async () => {
  node = await openEdgeNode({ signingKey });
  odd = await openOddNode(node.url);
  edge = openEdgePlace(odd.url);
});
afterEach(async () => {
  await edge.remove();
  await odd.close();
  await node.close();
});

const throttle: StoredObject = {
  kind: 'throttle',
  name: 'MyApp/1.0',
  version: 1,
  revision: 1,
  body: { product: 'MyApp', version: '1.0', percent: 10, salt: 'abcdefghijklmnop' },
};

function publish(revision: number, objects: readonly StoredObject[] = [throttle]): void {
  node.publish({ mark: { revision, commit: `c${revision}` }, whole: true, objects, deleted: [] });
}

async function release(name: string): Promise<StoredObject> {
  const blob = { name, schema_version: 50, detailsUrl: 'https://example.org/', displayVersion: '1' } as Blob;
  return { kind: 'release', name, version: 1, revision: 1, body: await node.shelf.put({ product: 'MyApp', blob }) };
}

function pathOf({ body }: StoredObject): string {
  return `/releases/${(body as { readonly sha256: string }).sha256}`;
}

/** Has the edge be given this text as a manifest, signed well. */
function give(text: string, key: KeyObject = signingKey): void {
  odd.answer('/snapshot', (response) => {
    const signature = sign(null, Buffer.from(text), key).toString('base64');
    response.writeHead(200, { 'Sluice-Signature': signature, ETag: '"x"' }).end(text);
  });
}

function manifestOf(...objects: readonly unknown[]): string {
  return writeManifest({ mark: { revision: 5, commit: 'c' }, objects: objects as readonly StoredObject[] });
}

describe('a snapshot is refused', () => {
  const refused = { code: 'source-not-trusted' };

  test('when a byte of it is another one, and taken when it is whole', async () => {
    publish(1);
    odd.alter('/snapshot', (body) => Buffer.from(body.toString().replace('"percent":10', '"percent":90')));
    await expect(edge.source.newest()).rejects.toMatchObject(refused);
    expect(existsSync(join(edge.data, 'edge-public-key'))).toBe(false);
    odd.mend();
    expect((await edge.source.newest()).revision).toBe(1);
    publish(2);
    odd.alter('/snapshot', (body) => body.subarray(0, -1));
    await expect(edge.source.newest()).rejects.toMatchObject(refused);
    await expect(edge.source.newest()).rejects.toMatchObject({ detail: 'the signature of the snapshot is wrong' });
    odd.mend();
    expect((await edge.source.changesSince(noMark)).mark.revision).toBe(1);
    expect((await edge.source.newest()).revision).toBe(2);
  });

  test.each([
    ['none', undefined],
    ['nothing', ''],
    ['no base64', '~~~'],
    ['of another length', 'AAAA'],
    ['another one', Buffer.alloc(64).toString('base64')],
  ])('when its signature is %s', async (_, signature) => {
    publish(1);
    await edge.source.newest();
    publish(2);
    odd.alter('/snapshot', (body, headers) => {
      headers.delete('sluice-signature');
      if (signature !== undefined) headers.set('sluice-signature', signature);
      return body;
    });
    await expect(edge.source.newest()).rejects.toMatchObject(refused);
  });

  test.each([
    ['an older form', '{"format":"sluice-snapshot-0"}\n'],
    ['nothing', ''],
    ['no JSON', 'x\ny\n'],
    ['a number where an object is wanted', manifestOf().replace(/\n$/, '\n5\n')],
    ['a kind that there is not', manifestOf({ ...throttle, kind: 'wish' })],
    ['an object without a version', manifestOf({ ...throttle, version: 'x' })],
    [
      'a release that is somewhere else',
      manifestOf({ ...throttle, kind: 'release', body: { product: 'a', sha256: '../edge-public-key' } }),
    ],
    ['a release without a place', manifestOf({ ...throttle, kind: 'release', body: null })],
  ])('when it says %s, although it is signed', async (_, text) => {
    publish(1);
    await edge.source.newest();
    give(text);
    await expect(edge.source.newest()).rejects.toMatchObject(refused);
    expect(existsSync(join(edge.data, 'edge-public-key'))).toBe(true);
  });

  test('when an object of it cannot be served, with the name of the field', async () => {
    publish(1);
    await edge.source.newest();
    give(
      manifestOf({ ...throttle, body: { product: 'MyApp', version: '1.0', percent: 101, salt: 'abcdefghijklmnop' } }),
    );
    await edge.source.newest();
    const taking = edge.source.changesSince(noMark);
    await expect(taking).rejects.toMatchObject({ code: 'invalid-object', detail: expect.stringContaining('percent') });
  });
});

describe('the key of the node', () => {
  test('is kept when it is first shown, told once, and required from then on', async () => {
    publish(1);
    expect((await edge.source.newest()).revision).toBe(1);
    const file = join(edge.data, 'edge-public-key');
    expect(edge.firstKeys).toEqual([{ fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/), file }]);
    expect(readFileSync(file, 'utf8').trim()).toBe(shownKey);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await edge.again().newest()).revision).toBe(1);
    expect(edge.firstKeys).toHaveLength(1);

    const other = await openEdgeNode();
    other.publish({ mark: { revision: 9, commit: 'x' }, whole: true, objects: [], deleted: [] });
    const refusal = edge.again({ from: other.url }).newest();
    await expect(refusal).rejects.toMatchObject({
      code: 'source-not-trusted',
      detail: expect.stringMatching(/it shows the key SHA256:\S+, and \S+edge-public-key has SHA256:/),
    });
    await other.close();
  });

  test('that is set is required from the beginning, and not asked for', async () => {
    publish(1);
    expect((await edge.again({ publicKey: shownKey }).newest()).revision).toBe(1);
    expect(odd.asked).toEqual(['GET /snapshot']);
    expect(existsSync(join(edge.data, 'edge-public-key'))).toBe(false);
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    await expect(edge.again({ publicKey: other }).newest()).rejects.toMatchObject({
      code: 'source-not-trusted',
      detail: expect.stringContaining('edge.publicKey has SHA256:'),
    });
  });

  test('that is no key is a mistake of the configuration', () => {
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    for (const publicKey of ['x', shownKey.slice(4), x25519]) {
      expect(() => edge.again({ publicKey })).toThrow('holds no Ed25519 public key');
    }
    writeFileSync(join(edge.data, 'edge-public-key'), 'x');
    expect(() => edge.again()).toThrow('edge-public-key holds no Ed25519 public key');
  });

  test('is refused when what is shown is none', async () => {
    publish(1);
    odd.answer('/key', (response) => response.end('no key'));
    await expect(edge.source.newest()).rejects.toMatchObject({ code: 'source-not-trusted' });
  });
});

describe('a release', () => {
  test('is refused when its bytes are others, and nothing of it is kept', async () => {
    const object = await release('a');
    publish(1, [throttle, object]);
    odd.alter(pathOf(object), (body) => Buffer.concat([body.subarray(0, -1), Buffer.from('x')]));
    await expect(edge.source.changesSince(noMark)).rejects.toMatchObject({ code: 'source-not-trusted' });
    expect(existsSync(join(edge.data, 'releases'))).toBe(false);
    odd.mend();
    expect((await edge.source.changesSince(noMark)).objects).toEqual([throttle, object]);
  });

  test('that is not there yet holds back the whole snapshot, and the others are not fetched again', async () => {
    const objects = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(release));
    const [missing] = objects;
    if (missing === undefined) throw new Error('six were made');
    publish(1, [throttle, ...objects]);
    odd.answer(pathOf(missing), (response) => response.writeHead(404).end());
    await expect(edge.source.changesSince(noMark)).rejects.toMatchObject({ code: 'source-unavailable' });
    odd.mend();
    const before = new Set(readdirSync(join(edge.data, 'releases')));
    expect(before.size).toBeGreaterThan(0);
    const askedBefore = odd.asked.length;
    expect((await edge.source.changesSince(noMark)).objects).toEqual([throttle, ...objects]);
    expect(odd.asked.slice(askedBefore).filter((one) => one.includes('/releases/'))).toHaveLength(6 - before.size);
  });

  test('that is damaged on the disk is fetched again when everything is wanted anew', async () => {
    const object = await release('a');
    publish(1, [object]);
    const { mark } = await edge.source.changesSince(noMark);
    const [file = ''] = readdirSync(join(edge.data, 'releases'));
    const path = join(edge.data, 'releases', file);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]));
    expect((await edge.source.changesSince(mark)).whole).toBe(false);
    expect((await edge.source.changesSince({ revision: 0, commit: 'none' })).whole).toBe(true);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('that cannot be written stays in memory', async () => {
    const object = await release('a');
    publish(1, [object]);
    // A folder cannot be made where a file is.
    writeFileSync(join(edge.data, 'releases'), '');
    const [told] = (await edge.source.changesSince(noMark)).objects;
    expect(told?.body).toMatchObject({ ...(object.body as object), content: expect.any(String) });
  });
});

test('objects that are as they were are the very same', async () => {
  const second = { ...throttle, name: 'MyApp/2.0', body: { ...(throttle.body as object), version: '2.0' } };
  publish(1, [throttle, second]);
  const before = await edge.source.changesSince(noMark);
  publish(2, [{ ...throttle, version: 2, revision: 2 }, { ...second }]);
  await edge.source.newest();
  const after = await edge.source.changesSince(noMark);
  expect(after.whole).toBe(true);
  expect(after.objects[1]).toBe(before.objects[1]);
  expect(after.objects[0]).not.toBe(before.objects[0]);
});

test('who was told by an earlier start of the edge is told only what changed since', async () => {
  publish(1);
  const { mark } = await edge.source.changesSince(noMark);
  const again = edge.again();
  expect(await again.newest()).toEqual(mark);
  publish(2, []);
  await again.newest();
  expect(await again.changesSince(mark)).toMatchObject({
    whole: false,
    deleted: [{ kind: 'throttle', name: 'MyApp/1.0' }],
  });
  for (let revision = 3; revision < 10; revision += 1) {
    publish(revision, [throttle]);
    await again.newest();
  }
  expect(await again.changesSince(mark)).toMatchObject({ mark: { revision: 9 }, whole: true, objects: [throttle] });
});
