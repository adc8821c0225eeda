import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFingerprint } from '../../edge-protocol.ts';
import type { EdgeSourceOptions } from '../../edge-source.ts';
import { Problem } from '../../problem.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import type { Link } from './link.ts';

export type PinnedKeyOptions = Pick<EdgeSourceOptions, 'data' | 'publicKey' | 'onFirstKey'>;

const mostKeyBytes = 4096;

/** The key that the snapshots of a node must be signed with. */
export class PinnedKey {
  readonly #link: Pick<Link, 'ask'>;
  readonly #file: string;
  readonly #place: string;
  readonly #data: string;
  readonly #onFirstKey: PinnedKeyOptions['onFirstKey'];
  #pinned: KeyObject | undefined;

  /** @throws Problem `invalid-config`, `unreadable-file`. */
  constructor(link: Pick<Link, 'ask'>, { data, publicKey, onFirstKey }: PinnedKeyOptions) {
    this.#link = link;
    this.#data = data;
    this.#file = join(data, 'edge-public-key');
    this.#place = publicKey === undefined ? this.#file : 'edge.publicKey';
    this.#onFirstKey = onFirstKey;
    const text = publicKey ?? readIfThere(this.#file);
    this.#pinned = text === undefined ? undefined : readKey(text);
    if (text !== undefined && this.#pinned === undefined) {
      throw new Problem('invalid-config', `${this.#place} holds no Ed25519 public key.`);
    }
  }

  /** @throws Problem `source-not-trusted` when these bytes were signed with another key, or were not. */
  async check(bytes: Uint8Array, signature: string): Promise<void> {
    const pinned = this.#pinned;
    const key = pinned ?? (await this.#shown());
    const isRight = verify(null, bytes, key, Buffer.from(signature, 'base64'));
    if (isRight && pinned === undefined) await this.#pin(key);
    if (!isRight) throw await this.#refusal(key);
  }

  async #pin(key: KeyObject): Promise<void> {
    mkdirSync(this.#data, { recursive: true, mode: 0o700 });
    await writeWholeFile(this.#file, [`${spki(key).toString('base64')}\n`]);
    this.#pinned = key;
    this.#onFirstKey({ fingerprint: keyFingerprint(spki(key)), file: this.#file });
  }

  async #shown(): Promise<KeyObject> {
    const { bytes } = await this.#link.ask('/key', { mostBytes: mostKeyBytes });
    const key = readKey(bytes.toString());
    if (key === undefined) throw new Problem('source-not-trusted', 'the key that it shows is no Ed25519 public key');
    return key;
  }

  async #refusal(key: KeyObject): Promise<Problem> {
    const shown = await this.#shown().catch(() => key);
    const reason = shown.equals(key)
      ? 'the signature of the snapshot is wrong'
      : `it shows the key ${keyFingerprint(spki(shown))}, and ${this.#place} has ${keyFingerprint(spki(key))}`;
    return new Problem('source-not-trusted', reason);
  }
}

function readKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('unreadable-file', `${file}: ${reason}`, [], { cause: error });
  }
}
