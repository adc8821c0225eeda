import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { EdgeApp } from '../../edge-app.ts';
import { edgeProtocol } from '../../edge-protocol.ts';
import { type ShelvedRelease, shelved } from '../../snapshot/manifest.ts';
import { writeManifest } from '../../snapshot/manifest-file.ts';
import type { Mark, StoredObject } from '../../store.ts';

/** What edges fetch. */
export interface HandOut {
  /** The manifest; a 304 without it for who has it, by the headers of the request. */
  snapshot(ifNoneMatch: string | undefined, acceptEncoding: string | undefined): Promise<Response>;
  /**
   * The file of a release of the present manifest, or a 304 for who has it; `undefined` for any other.
   * @throws Problem `snapshot-damaged`.
   */
  release(sha256: string, ifNoneMatch: string | undefined): Promise<Response | undefined>;
}

/** A snapshot in the forms in which it is fetched, made once for all edges. */
interface Handed {
  readonly mark: Mark;
  readonly bytes: Buffer;
  readonly signature: string;
  readonly releases: ReadonlyMap<string, ShelvedRelease>;
  gzipped?: Promise<Buffer>;
}

const compress = promisify(gzip);

export function handOut(app: Pick<EdgeApp, 'manifest' | 'mark' | 'shelf' | 'signingKey'>): HandOut {
  let newest: Handed | undefined;
  const handed = (): Handed => {
    const { revision, commit } = app.mark();
    if (newest?.mark.revision !== revision || newest.mark.commit !== commit) newest = prepare(app);
    return newest;
  };
  return {
    async snapshot(ifNoneMatch, acceptEncoding) {
      const gzipped = acceptsGzip(acceptEncoding);
      const tag = `${app.mark().revision}-${app.mark().commit}`;
      const headers = new Headers({
        ETag: gzipped ? `"${tag}-gzip"` : `"${tag}"`,
        Vary: 'Accept-Encoding',
        'Cache-Control': 'private, no-cache',
      });
      if (hasTag(ifNoneMatch, tag)) return new Response(null, { status: 304, headers });
      const snapshot = handed();
      headers.set('Content-Type', 'application/x-ndjson');
      headers.set(edgeProtocol.signatureHeader, snapshot.signature);
      if (!gzipped) return new Response(snapshot.bytes, { headers });
      headers.set('Content-Encoding', 'gzip');
      snapshot.gzipped ??= compress(snapshot.bytes);
      return new Response(await snapshot.gzipped, { headers });
    },
    async release(sha256, ifNoneMatch) {
      const place = handed().releases.get(sha256);
      if (place === undefined) return undefined;
      const headers = new Headers({
        'Cache-Control': 'private, max-age=31536000, immutable',
        ETag: `"${sha256}"`,
      });
      if (hasTag(ifNoneMatch, sha256)) return new Response(null, { status: 304, headers });
      headers.set('Content-Type', 'application/octet-stream');
      return new Response(await app.shelf.bytesOfLater(place), { headers });
    },
  };
}

function prepare({ manifest, signingKey }: Pick<EdgeApp, 'manifest' | 'signingKey'>): Handed {
  const { mark, objects } = manifest();
  const bytes = Buffer.from(writeManifest({ mark, objects: objects.map(withoutContent) }));
  const releases = objects.filter(({ kind }) => kind === 'release').map(shelved);
  return {
    mark,
    bytes,
    signature: sign(null, bytes, signingKey).toString('base64'),
    releases: new Map(releases.map((place) => [place.sha256, place])),
  };
}

/** What this node could not write to its disk is fetched like everything else. */
function withoutContent(object: StoredObject): StoredObject {
  if (object.kind !== 'release' || shelved(object).content === undefined) return object;
  const { product, sha256 } = shelved(object);
  return { ...object, body: { product, sha256 } };
}

/** Source: RFC 9110, section 12.5.3. */
function acceptsGzip(header = ''): boolean {
  return header.split(',').some((coding) => {
    const [name = '', weight = ''] = coding
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return (name === 'gzip' || name === '*') && !/^q=0(\.0*)?$/.test(weight);
  });
}

/** Whether one of the entity tags is this one, in whichever encoding. Source: RFC 9110, section 13.1.2. */
function hasTag(header: string | undefined, tag: string): boolean {
  if (header?.trim() === '*') return true;
  const tags: readonly string[] = (header ?? '').match(/"[^"]*"/g) ?? [];
  return tags.includes(`"${tag}"`) || tags.includes(`"${tag}-gzip"`);
}
