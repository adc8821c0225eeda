import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AppBlob, Release } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { ReleaseBody } from '../kinds/release.ts';
import type { ShelvedRelease } from './manifest.ts';
import { encodeReleaseFile } from './release-file.ts';
import { ReleaseShelf, type ShelfOptions } from './release-shelf.ts';
import { temporaryFolders } from './temporary-folder.fixture.ts';

const makeFolder = temporaryFolders();
const part = { platforms: ['Linux'], locale: 'de' };
const damaged = expect.objectContaining({ code: 'snapshot-damaged' });

function openShelf(more: Partial<ShelfOptions> = {}) {
  const folder = join(makeFolder(), 'deep', 'releases');
  const reads: number[] = [];
  const troubles: unknown[] = [];
  const shelf = new ReleaseShelf({
    folder,
    memoryBytes: 1_000_000,
    onRead: (bytes) => reads.push(bytes),
    onTrouble: (error) => troubles.push(error),
    ...more,
  });
  return { folder, shelf, reads, troubles, fileOf: (place: ShelvedRelease) => join(folder, `${place.sha256}.release`) };
}

function body(version: string, more: Partial<AppBlob> = {}): ReleaseBody {
  const locales = { de: { buildID: '11', displayVersion: version }, fr: { buildID: '12' } };
  const platforms = { Linux: { buildID: '1', locales }, Mac: { alias: 'Linux' } };
  return { product: 'MyApp', blob: { schema_version: 9, name: 'R', appVersion: version, platforms, ...more } };
}

function localesOf({ blob }: Release): unknown {
  return (blob as AppBlob).platforms?.['Linux']?.locales;
}

/** What is there of a file, with one byte at `at` turned over. */
function spoil(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe('a release on the shelf', () => {
  test('is a file for its owner only, named after what is in it', async () => {
    const { shelf, folder, fileOf } = openShelf();
    const place = await shelf.put(body('2.0'));
    expect(place).toEqual({ product: 'MyApp', sha256: encodeReleaseFile(body('2.0')).sha256 });
    expect(readdirSync(folder)).toEqual([`${place.sha256}.release`]);
    expect(
      createHash('sha256')
        .update(readFileSync(fileOf(place)))
        .digest('hex'),
    ).toBe(place.sha256);
    expect(statSync(fileOf(place)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(shelf.has(place.sha256)).toBe(true);
    expect(shelf.bytesOf(place)).toEqual(readFileSync(fileOf(place)));
  });

  test('is read in the part that is asked for, once', async () => {
    const { shelf, reads } = openShelf();
    const place = await shelf.put(body('2.0'));
    const release = shelf.read('R2', place, part);
    expect(release).toMatchObject({ name: 'R2', product: 'MyApp', blob: { appVersion: '2.0' } });
    expect(localesOf(release)).toEqual({ de: { buildID: '11', displayVersion: '2.0' } });
    expect(shelf.read('R2', place, part)).toBe(release);
    expect(reads).toEqual([expect.any(Number)]);
    expect(localesOf(shelf.read('R2', place, { ...part, locale: 'fr' }))).toEqual({ fr: { buildID: '12' } });
    // Only the block: the rest of the file was looked at before.
    expect(reads[1]).toBe(JSON.stringify({ buildID: '12' }).length);
    expect(shelf.read('another name', place, part).name).toBe('another name');
    // Nothing of a file is needed to know what a release does not have.
    shelf.read('R2', place, { ...part, locale: 'it' });
    expect(reads).toHaveLength(3);
  });

  test('is not taken for another by what a client puts into its words', async () => {
    const { shelf } = openShelf();
    const place = await shelf.put(body('2.0'));
    for (const [locale, platforms] of [
      ['de\0Mac', ['Linux']],
      ['de', ['Mac\0Linux']],
      ['de","Mac', ['Linux']],
    ] as const) {
      const odd = shelf.read('R2', place, { locale, platforms });
      expect(localesOf(odd) ?? {}).toEqual({});
    }
    const wanted = { locale: 'de', platforms: ['Mac', 'Linux'] };
    expect(localesOf(shelf.read('R2', place, wanted))).toHaveProperty('de');
    expect(shelf.read('R2\0de', place, part).name).toBe('R2\0de');
  });

  test('is written once, and many times at the same time as well', async () => {
    const { shelf, folder, fileOf } = openShelf();
    const places = await Promise.all(Array.from({ length: 20 }, () => shelf.put(body('2.0'))));
    expect(new Set(places.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(readdirSync(folder)).toHaveLength(1);
    const [place] = places;
    if (place === undefined) throw new Error('twenty places');
    expect(localesOf(shelf.read('R', place, part))).toHaveProperty('de');
    const { ino } = statSync(fileOf(place));
    await shelf.put(body('2.0'));
    expect(statSync(fileOf(place)).ino).toBe(ino);
  });

  test('may come as a file from elsewhere, if its bytes are those that it is named after', async () => {
    const { shelf, folder } = openShelf();
    const { sha256, bytes } = encodeReleaseFile(body('2.0'));
    const spoilt = Buffer.from(bytes);
    spoilt[spoilt.length - 3] = 0;
    await expect(shelf.putFile('MyApp', sha256, spoilt)).rejects.toMatchObject({ code: 'snapshot-damaged' });
    await expect(shelf.putFile('MyApp', '../escaped', bytes)).rejects.toMatchObject({ code: 'snapshot-damaged' });
    expect(() => readdirSync(folder)).toThrow('ENOENT');
    const place = await shelf.putFile('MyApp', sha256, bytes);
    expect(localesOf(shelf.read('R', place, part))).toHaveProperty('de');
    const text = Buffer.from('something else');
    const other = await shelf.putFile('MyApp', createHash('sha256').update(text).digest('hex'), text);
    expect(() => shelf.read('R', other, part)).toThrow(damaged);
  });
});

describe('a file that is not as it was', () => {
  const ways: Readonly<Record<string, (file: string) => void>> = {
    'is gone': unlinkSync,
    'is empty': (file) => truncateSync(file),
    'was cut short': (file) => truncateSync(file, statSync(file).size - 1),
    'has another byte in its head': (file) => spoil(file, 20),
    'has another byte in its last block': (file) => spoil(file, statSync(file).size - 4),
    'is longer': (file) => writeFileSync(file, ' ', { flag: 'a' }),
    'is a folder now': (file) => {
      unlinkSync(file);
      mkdirSync(file);
    },
  };

  test.each(Object.entries(ways))('because it %s is a problem, never another release', async (_, spoilIt) => {
    const { shelf, fileOf } = openShelf();
    const place = await shelf.put(body('2.0'));
    spoilIt(fileOf(place));
    expect(() => shelf.read('R', place, part)).toThrow(damaged);
    expect(() => shelf.bytesOf(place)).toThrow(damaged);
    expect(() => shelf.read('R', place, part)).toThrow(place.sha256);
  });

  test.each(Object.entries(ways))('because it %s is found out in whatever order it is read', async (_, spoilIt) => {
    const { shelf, fileOf } = openShelf();
    const place = await shelf.put(body('2.0'));
    const intact = Object.fromEntries(
      ['de', 'fr', 'it'].map((locale) => [locale, JSON.stringify(localesOf(readFresh(locale)))]),
    );
    function readFresh(locale: string): Release {
      return new ReleaseShelf({ folder: join(fileOf(place), '..'), memoryBytes: 1e6 }).read('R', place, {
        ...part,
        locale,
      });
    }
    shelf.read('R', place, { ...part, locale: 'it' });
    spoilIt(fileOf(place));
    for (const locale of ['fr', 'de', 'it']) {
      try {
        expect(JSON.stringify(localesOf(shelf.read('R', place, { ...part, locale })))).toBe(intact[locale]);
      } catch (error) {
        expect(error).toMatchObject({ code: 'snapshot-damaged' });
      }
    }
  });

  test.each(Object.entries(ways).filter(([name]) => name !== 'is a folder now'))(
    'because it %s is healed by putting the release once more',
    async (_, spoilIt) => {
      const { shelf, fileOf } = openShelf();
      const place = await shelf.put(body('2.0'));
      spoilIt(fileOf(place));
      expect(await shelf.put(body('2.0'))).toEqual(place);
      expect(localesOf(shelf.read('R', place, part))).toHaveProperty('de');
    },
  );

  test('is deleted and named on request, with those that are missing; the others stay', async () => {
    const { shelf, folder, fileOf } = openShelf();
    const places = await Promise.all(Array.from({ length: 12 }, (_, i) => shelf.put(body(`2.${i}`))));
    const [first, second, third] = places;
    if (first === undefined || second === undefined || third === undefined) throw new Error('twelve places');
    spoil(fileOf(first), 50);
    unlinkSync(fileOf(second));
    const names = places.map(({ sha256 }) => sha256);
    const lost = await shelf.discardDamaged([...names, ...names]);
    expect([...lost].sort()).toEqual([first.sha256, second.sha256].sort());
    expect(readdirSync(folder)).toHaveLength(10);
    expect(shelf.has(first.sha256)).toBe(false);
    expect(localesOf(shelf.read('R', third, part))).toHaveProperty('de');
    expect(await shelf.discardDamaged([])).toEqual([]);
  });
});

describe('where files cannot be written', () => {
  test('a release stays in memory, is read from there, and that is told', async () => {
    const { shelf, folder, troubles } = openShelf();
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'a file in the place of the folder');
    const place = await shelf.put(body('2.0'));
    expect(place.content).toBeTypeOf('string');
    expect(troubles).toHaveLength(1);
    expect(localesOf(shelf.read('R', place, part))).toEqual({ de: { buildID: '11', displayVersion: '2.0' } });
    expect(localesOf(shelf.read('R', place, { ...part, locale: 'fr' }))).toEqual({ fr: { buildID: '12' } });
    expect(shelf.bytesOf(place)).toEqual(encodeReleaseFile(body('2.0')).bytes);
    expect(shelf.has(place.sha256)).toBe(false);
    expect(await shelf.discardDamaged([place.sha256])).toEqual([place.sha256]);
    expect(await shelf.sweep(new Set(), 0, 0)).toBe(0);

    rmSync(folder);
    const { sha256, content = '' } = place;
    const written = await shelf.putFile('MyApp', sha256, Buffer.from(content, 'base64'));
    expect(written).toEqual({ product: 'MyApp', sha256 });
    expect(shelf.has(sha256)).toBe(true);
  });

  test('content in memory that is not what it should be is a problem', async () => {
    const { shelf } = openShelf();
    const { sha256 } = encodeReleaseFile(body('2.0'));
    expect(() => shelf.read('R', { product: 'MyApp', sha256, content: 'AAAA' }, part)).toThrow(damaged);
  });
});

describe('sweeping', () => {
  test('deletes what nobody has had use for since an hour, and nothing else', async () => {
    const { shelf, folder, fileOf } = openShelf();
    const [used, unused] = [await shelf.put(body('1.0')), await shelf.put(body('2.0'))];
    writeFileSync(join(folder, `${used.sha256}.release.1234.part`), 'left by a process that was killed');
    // How old a file is says nothing: it may have been in use until just now.
    utimesSync(fileOf(unused), 1, 1);
    const names = new Set([used.sha256]);
    const hourMs = 3_600_000;
    expect(await shelf.sweep(names, 0, hourMs)).toBe(0);
    expect(await shelf.sweep(names, hourMs - 1, hourMs)).toBe(0);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await shelf.sweep(names, hourMs, hourMs)).toBe(2);
    expect(readdirSync(folder)).toEqual([`${used.sha256}.release`]);
    expect(await shelf.sweep(names, 10 * hourMs, hourMs)).toBe(0);
  });

  test.each(['put', 'asked for'])('begins anew for what was %s meanwhile', async (way) => {
    const { shelf } = openShelf();
    const [a, b] = [await shelf.put(body('1.0')), await shelf.put(body('2.0'))];
    await shelf.sweep(new Set(), 0, 100);
    await shelf.sweep(new Set([a.sha256]), 50, 100);
    // Somebody will need it, or may, but no manifest names it yet.
    if (way === 'put') await shelf.put(body('2.0'));
    else expect(shelf.has(b.sha256)).toBe(true);
    expect(await shelf.sweep(new Set(), 100, 100)).toBe(0);
    expect(await shelf.sweep(new Set(), 199, 100)).toBe(0);
    expect(await shelf.sweep(new Set(), 200, 100)).toBe(2);
    expect(shelf.has(b.sha256)).toBe(false);
  });

  test('never takes what is being put, whenever it comes', async () => {
    const { shelf } = openShelf();
    for (let round = 0; round < 100; round += 1) {
      await shelf.put(body('2.0'));
      await shelf.sweep(new Set(), round * 10, 1);
      const [place] = await Promise.all([shelf.put(body('2.0')), shelf.sweep(new Set(), round * 10 + 5, 1)]);
      expect(shelf.has(place.sha256)).toBe(true);
    }
  });

  test('where there is no folder deletes nothing', async () => {
    expect(await openShelf().shelf.sweep(new Set(), 0, 0)).toBe(0);
  });
});

describe('what stays in memory', () => {
  /** Some 60 kB in the head, whatever is asked for. */
  const heavy = (i: number) => body(`${i}.0`, { fileUrls: { [`${i}`]: { completes: { a: 'x'.repeat(60_000) } } } });

  test('is no more than was said, however many releases are asked for', async () => {
    const { shelf, reads } = openShelf({ memoryBytes: 4_000_000 });
    const places = await Promise.all(Array.from({ length: 400 }, (_, i) => shelf.put(heavy(i))));
    collectGarbage();
    const beforeBytes = process.memoryUsage().heapUsed;
    for (let round = 0; round < 2; round += 1) {
      for (const [i, place] of places.entries()) {
        const release = shelf.read(`${i}`, place, part);
        expect((release.blob as AppBlob).appVersion).toBe(`${i}.0`);
        for (let client = 0; client < 5; client += 1) {
          shelf.read(`${i}`, place, { ...part, locale: `l${client}` });
        }
      }
    }
    collectGarbage();
    // All of them would be 24 MB.
    expect(process.memoryUsage().heapUsed - beforeBytes).toBeLessThan(8_000_000);
    expect(reads.length).toBeGreaterThanOrEqual(800);
    // What was read last is there.
    const before = reads.length;
    shelf.read('399', places[399] as ShelvedRelease, part);
    expect(reads.length).toBe(before);
  });

  test('is what is asked for most, though much else is asked for between', async () => {
    const { shelf, reads } = openShelf({ memoryBytes: 4_000_000 });
    const places = await Promise.all(Array.from({ length: 60 }, (_, i) => shelf.put(heavy(i))));
    const [often] = places;
    if (often === undefined) throw new Error('sixty places');
    const first = shelf.read('often', often, part);
    for (const [i, place] of places.entries()) {
      shelf.read(`${i}`, place, part);
      expect(shelf.read('often', often, part)).toBe(first);
    }
    // One for `often`, and one for each by its own name; `0` is the file of `often`.
    expect(reads).toHaveLength(61);
  });

  test('is nothing of a release that is larger than all that may stay, which is read each time', async () => {
    const { shelf, reads } = openShelf({ memoryBytes: 100_000 });
    const place = await shelf.put(heavy(1));
    for (let i = 0; i < 3; i += 1) expect(localesOf(shelf.read('R', place, part))).toHaveProperty('de');
    expect(reads).toHaveLength(3);
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
