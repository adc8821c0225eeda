import type { Mark, StoredObject } from '../store.ts';

/** Everything that a node serves at one commit; a release stands in it as its place on the shelf. */
export interface Manifest {
  readonly mark: Mark;
  readonly objects: readonly StoredObject[];
}

/** The body of an object of the kind `release` in a manifest. */
export interface ShelvedRelease {
  readonly product: string;
  /** The SHA-256 of its file, in hexadecimal. */
  readonly sha256: string;
  /** The bytes of its file in base64, for as long as they could not be written to the disk. */
  readonly content?: string;
}

/** The mark of nothing. */
export const noMark: Mark = { revision: 0, commit: '' };

/** Where an object of the kind `release` is on the shelf. */
export function shelved({ body }: StoredObject): ShelvedRelease {
  return body as ShelvedRelease;
}
