import type { ReleaseBody } from '../../kinds/release.ts';
import { Problem } from '../../problem.ts';
import { checkStoredObject } from '../../snapshot/check-stored-object.ts';
import { shelved } from '../../snapshot/manifest.ts';
import { decodeReleaseFile, digestOf } from '../../snapshot/release-file.ts';
import type { ReleaseShelf } from '../../snapshot/release-shelf.ts';
import type { StoredObject } from '../../store.ts';
import type { Link } from './link.ts';

/** Files that are on their way at once. */
const atOnce = 4;

/**
 * Fetches the files of releases that the shelf does not have. Answers the objects as they are to be served: the same,
 * but for those whose file could not be written and stays in memory.
 * @throws Problem `source-not-trusted` when a file is not what it is called; `invalid-object`; when one cannot be had.
 */
export async function fetchReleases(
  objects: readonly StoredObject[],
  link: Pick<Link, 'ask'>,
  shelf: Pick<ReleaseShelf, 'has' | 'putFile'>,
  mostBytes: number,
): Promise<readonly StoredObject[]> {
  const served = [...objects];
  const missing = [...objects.entries()].filter(
    ([, object]) => object.kind === 'release' && !shelf.has(shelved(object).sha256),
  );
  const fetchOne = async (index: number, object: StoredObject): Promise<void> => {
    const { product, sha256 } = shelved(object);
    const { bytes } = await link.ask(`/releases/${sha256}`, { mostBytes });
    if (digestOf(bytes) !== sha256) {
      throw new Problem('source-not-trusted', `the release file ${sha256} is not what it is called`);
    }
    checkStoredObject({ ...object, body: decode(bytes, sha256) });
    const body = await shelf.putFile(product, sha256, bytes);
    if (body.content !== undefined) served[index] = { ...object, body };
  };
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = missing.pop(); next !== undefined && failures.length === 0; next = missing.pop()) {
      await fetchOne(...next).catch((error: unknown) => failures.push(error));
    }
  };
  // Nothing goes on behind the back of who is told of a failure.
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) throw failures[0];
  return served;
}

function decode(bytes: Buffer, sha256: string): ReleaseBody {
  try {
    return decodeReleaseFile(bytes);
  } catch (cause) {
    throw new Problem('source-not-trusted', `the release file ${sha256} cannot be read`, [], { cause });
  }
}
