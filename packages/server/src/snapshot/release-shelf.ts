import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, unlinkSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Release, ReleasePart } from 'sluice';
import type { ReleaseBody } from '../kinds/release.ts';
import { Problem } from '../problem.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import type { ShelvedRelease } from './manifest.ts';
import { decodeReleaseHead, digestOf, encodeReleaseFile, partOf, type ReleaseHead } from './release-file.ts';

export interface ShelfOptions {
  /** The folder of the release files. */
  readonly folder: string;
  /** How much memory may be spent on what was read, in bytes, as near as can be told. */
  readonly memoryBytes: number;
  /** Called when a file could not be written; the release then stays in memory. */
  readonly onTrouble?: (error: unknown) => void;
  /** Called when an answer needed something from a file. */
  readonly onRead?: (bytes: number, seconds: number) => void;
}

/** A part that was read, and the file that it is of. */
interface Part {
  readonly sha256: string;
  readonly release: Release;
}

/** How much more memory parsed JSON takes than its text. */
const expansion = 3;
const ending = '.release';
/** Files that are read at once. */
const atOnce = 4;

/** The files of releases, of which only what is asked for is read into memory. */
export class ReleaseShelf {
  readonly #folder: string;
  readonly #onTrouble: ShelfOptions['onTrouble'];
  readonly #heads: LRUCache<string, ReleaseHead>;
  readonly #parts: LRUCache<string, Part>;
  /** The keys of the parts of each head: parts share what is in the head, and keep it in memory. */
  readonly #keysOf = new Map<string, Set<string>>();
  readonly #onRead: ShelfOptions['onRead'];
  /** Files that nobody had use for when they were last swept, and since when. */
  #unusedSince = new Map<string, number>();
  #bytesRead = 0;

  constructor({ folder, memoryBytes, onTrouble, onRead }: ShelfOptions) {
    this.#folder = folder;
    this.#onTrouble = onTrouble;
    this.#onRead = onRead;
    this.#heads = new LRUCache({
      maxSize: Math.ceil((memoryBytes * 3) / 4),
      dispose: (_, sha256) => {
        for (const key of this.#keysOf.get(sha256) ?? []) this.#parts.delete(key);
      },
    });
    this.#parts = new LRUCache({
      maxSize: Math.ceil(memoryBytes / 4),
      dispose: ({ sha256 }, key) => {
        const keys = this.#keysOf.get(sha256);
        keys?.delete(key);
        if (keys?.size === 0) this.#keysOf.delete(sha256);
      },
    });
  }

  /** Writes a release to its file, durably, and answers where it is. Where that fails, it stays in memory. */
  async put(body: ReleaseBody): Promise<ShelvedRelease> {
    const { sha256, bytes } = encodeReleaseFile(body);
    return this.#write(body.product, sha256, bytes);
  }

  /** The same for a file that somebody else has made. @throws Problem `snapshot-damaged` when its bytes are others. */
  async putFile(product: string, sha256: string, bytes: Buffer): Promise<ShelvedRelease> {
    if (digestOf(bytes) !== sha256) throw damaged(sha256, 'its bytes are not those that it is named after');
    return this.#write(product, sha256, bytes);
  }

  /** Reads all these files, deletes those that are not what they are named after, and answers the names of those that cannot be read. */
  async discardDamaged(names: readonly string[]): Promise<readonly string[]> {
    const lost: string[] = [];
    const waiting = [...new Set(names)];
    const look = async (): Promise<void> => {
      for (let sha256 = waiting.pop(); sha256 !== undefined; sha256 = waiting.pop()) {
        const bytes = await readFile(this.#path(sha256)).catch(() => undefined);
        if (bytes !== undefined && digestOf(bytes) === sha256) continue;
        lost.push(sha256);
        // What merely cannot be read may be readable tomorrow.
        if (bytes !== undefined) await unlink(this.#path(sha256)).catch(() => {});
      }
    };
    await Promise.all(Array.from({ length: atOnce }, look));
    return lost;
  }

  /** Whether the file is there, whatever is in it. Whoever asks may come to need it, so that it is not swept soon. */
  has(sha256: string): boolean {
    this.#unusedSince.delete(`${sha256}${ending}`);
    return existsSync(this.#path(sha256));
  }

  /** The bytes of a file. @throws Problem `snapshot-damaged`. */
  bytesOf({ sha256, content }: Pick<ShelvedRelease, 'sha256' | 'content'>): Buffer {
    const bytes = content === undefined ? this.#readFile(sha256) : Buffer.from(content, 'base64');
    if (digestOf(bytes) !== sha256) throw damaged(sha256, 'its content is not what was written');
    return bytes;
  }

  /** The same, without holding up who else is waiting. @throws Problem `snapshot-damaged`. */
  async bytesOfLater(place: Pick<ShelvedRelease, 'sha256' | 'content'>): Promise<Buffer> {
    const { sha256, content } = place;
    if (content !== undefined) return this.bytesOf(place);
    const bytes = await readFile(this.#path(sha256)).catch((error: unknown) => {
      throw damaged(sha256, reasonOf(error), error);
    });
    if (digestOf(bytes) !== sha256) throw damaged(sha256, 'its content is not what was written');
    return bytes;
  }

  /** Reads as much of a release as one client needs. @throws Problem `snapshot-damaged`. */
  read(name: string, place: ShelvedRelease, part: ReleasePart): Release {
    // JSON, because a client may have put anything that could part the words otherwise into them.
    const key = JSON.stringify([place.sha256, name, part.locale, part.platforms]);
    const known = this.#parts.get(key);
    if (known !== undefined) {
      // Or else the head of what is asked for most would be the first to go.
      this.#heads.get(place.sha256);
      return known.release;
    }
    const startMs = performance.now();
    const bytesBefore = this.#bytesRead;
    const head = this.#headOf(place);
    let size = 1000 + 2 * key.length;
    const release = this.#withFile(place, (readBytes) =>
      partOf(name, head, part, (offset, length) => {
        size += length * expansion;
        return readBytes(offset, length);
      }),
    );
    this.#keep(key, { sha256: place.sha256, release }, size);
    const bytes = this.#bytesRead - bytesBefore;
    if (bytes > 0) this.#onRead?.(bytes, (performance.now() - startMs) / 1000);
    return release;
  }

  /**
   * Deletes files that nobody has had use for since `olderThanMs`: a reader of an earlier manifest may be late, and the
   * manifest that a new file is for is still to come. Answers how many.
   */
  async sweep(used: ReadonlySet<string>, nowMs: number, olderThanMs: number): Promise<number> {
    const files = await readdir(this.#folder).catch(() => []);
    const unused = files.filter((file) => !(file.endsWith(ending) && used.has(file.slice(0, -ending.length))));
    const since = new Map(unused.map((file) => [file, this.#unusedSince.get(file) ?? nowMs]));
    const due = unused.filter((file) => nowMs - (since.get(file) ?? nowMs) >= olderThanMs);
    // At once: nobody can come to need one of them between this look and its end.
    const swept = due.filter((file) => isDeleted(join(this.#folder, file)));
    for (const file of swept) since.delete(file);
    this.#unusedSince = since;
    return swept.length;
  }

  #keep(key: string, part: Part, size: number): void {
    // A head too large to be kept takes its parts along.
    if (!this.#heads.has(part.sha256)) return;
    this.#parts.set(key, part, { size });
    if (!this.#parts.has(key)) return;
    const keys = this.#keysOf.get(part.sha256) ?? new Set();
    this.#keysOf.set(part.sha256, keys.add(key));
  }

  async #write(product: string, sha256: string, bytes: Buffer): Promise<ShelvedRelease> {
    try {
      if (!(await this.#isWhole(sha256, bytes))) {
        mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
        await writeWholeFile(this.#path(sha256), [bytes]);
      }
      return { product, sha256 };
    } catch (error) {
      this.#onTrouble?.(error);
      return { product, sha256, content: bytes.toString('base64') };
    }
  }

  /** Whether the file needs no writing. What happened to it since it was written is healed so. */
  async #isWhole(sha256: string, bytes: Buffer): Promise<boolean> {
    const found = await readFile(this.#path(sha256)).catch(() => undefined);
    // It may have been swept while it was read.
    return found?.equals(bytes) === true && this.has(sha256);
  }

  #headOf(place: ShelvedRelease): ReleaseHead {
    const known = this.#heads.get(place.sha256);
    if (known !== undefined) return known;
    const bytes = this.bytesOf(place);
    const head = headIn(bytes, place.sha256);
    this.#bytesRead += bytes.length;
    this.#heads.set(place.sha256, head, { size: 1000 + head.start * expansion });
    return head;
  }

  #withFile<T>({ sha256, content }: ShelvedRelease, use: (read: (offset: number, length: number) => Buffer) => T): T {
    let file: number | undefined;
    try {
      return use((offset, length) => {
        this.#bytesRead += length;
        if (content !== undefined) return Buffer.from(content, 'base64').subarray(offset, offset + length);
        file ??= openSync(this.#path(sha256), 'r');
        const block = Buffer.allocUnsafe(length);
        const got = readSync(file, block, 0, length, offset);
        if (got !== length) throw damaged(sha256, 'it is shorter than it was');
        return block;
      });
    } catch (error) {
      throw error instanceof Problem ? error : damaged(sha256, reasonOf(error), error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  #readFile(sha256: string): Buffer {
    try {
      return readFileSync(this.#path(sha256));
    } catch (error) {
      throw damaged(sha256, reasonOf(error), error);
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}${ending}`);
  }
}

function headIn(bytes: Buffer, sha256: string): ReleaseHead {
  try {
    return decodeReleaseHead(bytes);
  } catch (error) {
    throw damaged(sha256, 'it is no release file', error);
  }
}

function isDeleted(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

function damaged(sha256: string, reason: string, cause?: unknown): Problem {
  return new Problem('snapshot-damaged', `the release file ${sha256}${ending}: ${reason}`, [], { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
