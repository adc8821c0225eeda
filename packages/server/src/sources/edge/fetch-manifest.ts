import { z } from 'zod';
import { edgeProtocol } from '../../edge-protocol.ts';
import { Problem } from '../../problem.ts';
import type { Manifest } from '../../snapshot/manifest.ts';
import { readManifest } from '../../snapshot/manifest-file.ts';
import type { Link } from './link.ts';
import type { PinnedKey } from './pinned-key.ts';

/** A manifest that was fetched and is what the node signed. */
export interface Fetched {
  readonly manifest: Manifest;
  /** What the node wants to hear when it is asked whether there is a newer one. */
  readonly tag: string | undefined;
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const named = { name: z.string(), version: z.int(), revision: z.int() };
/** What is taken for granted of an object before its body is looked at; a file is called after the digest. */
const objectSchema = z.union([
  z.object({ ...named, kind: z.literal('release'), body: z.strictObject({ product: z.string(), sha256 }) }),
  z.object({ ...named, kind: z.string().refine((kind) => kind !== 'release') }),
]);

/** Asks for the newest manifest; answers `before` when that is it. @throws Problem when it cannot be had or trusted. */
export async function fetchManifest(
  link: Pick<Link, 'ask'>,
  key: Pick<PinnedKey, 'check'>,
  before: Fetched | undefined,
  mostBytes: number,
): Promise<Fetched> {
  const headers = before?.tag === undefined ? {} : { 'If-None-Match': before.tag };
  const statuses = before === undefined ? [200] : [200, 304];
  const answer = await link.ask('/snapshot', { headers, mostBytes, statuses });
  if (answer.status === 304 && before !== undefined) return before;
  await key.check(answer.bytes, answer.headers.get(edgeProtocol.signatureHeader) ?? '');
  return {
    manifest: read(answer.bytes, before),
    tag: answer.headers.get('ETag') ?? undefined,
  };
}

function read(bytes: Buffer, before: Fetched | undefined): Manifest {
  try {
    const manifest = readManifest(bytes.toString(), before?.manifest.objects);
    const odd = manifest.objects.find((object) => !objectSchema.safeParse(object).success);
    if (!/^[\w-]{0,128}$/.test(manifest.mark.commit)) throw new Error('the commit is not called as commits are');
    if (odd !== undefined) throw new Error(`${odd.kind} ${odd.name} is not written as an object is`);
    return manifest;
  } catch (cause) {
    // Signed all the same: a node of another version may have written it.
    const reason = cause instanceof Problem ? cause.detail : String(cause);
    throw new Problem('source-not-trusted', reason, [], { cause });
  }
}
