import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../problem.ts';
import { writeWholeFile } from '../../write-whole-file.ts';

export interface SigningKeyPlace {
  /** The data folder, in which a key is made where there is none. */
  readonly data: string;
  /** A file to read instead, which must be there. */
  readonly file?: string | undefined;
}

/** The key with which a node signs its snapshots. @throws Problem `unreadable-file`, `unwritable-file`, `invalid-config`. */
export async function openSigningKey({ data, file }: SigningKeyPlace): Promise<KeyObject> {
  const path = file ?? join(data, 'edge-signing-key.pem');
  const text = readIfThere(path);
  if (text !== undefined) return keyIn(text, path);
  if (file !== undefined) throw new Problem('unreadable-file', `There is no ${file}; edge.signingKeyFile names it.`);
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  await writeWholeFile(path, [privateKey.export({ format: 'pem', type: 'pkcs8' })]);
  return privateKey;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('unreadable-file', `${path}: ${reason}`, [], { cause: error });
  }
}

function keyIn(text: string, path: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(text);
  } catch {
    // What the library says may repeat what stands in the file.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new Problem('invalid-config', `${path} holds no Ed25519 private key in PEM.`);
}
