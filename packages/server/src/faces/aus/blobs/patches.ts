import { type AppBlob, buildIdOf, isAllowedUrl, localeOf, own, type Patch, sameBuilds } from 'sluice';
import { type Attribute, attributes } from '../xml.ts';
import { fileUrl } from './file-url.ts';
import type { PatchKey, Rendering } from './rendering.ts';

/** The `<patch>` lines: of each kind the first that fits the client; one from a foreign host is left out. */
export function patchLines(blob: AppBlob, rendering: Rendering): readonly string[] {
  const { platform, locale } = rendering.request;
  const block = localeOf(blob, platform, locale);
  if (block === undefined || blob.hashFunction === undefined) return [];
  const single = blob.schema_version <= 2;
  return single
    ? [
        ...firstLine(blob, 'complete', block.complete === undefined ? [] : [block.complete], rendering),
        ...firstLine(blob, 'partial', block.partial === undefined ? [] : [block.partial], rendering),
      ]
    : [
        ...firstLine(blob, 'completes', block.completes ?? [], rendering),
        ...firstLine(blob, 'partials', block.partials ?? [], rendering),
      ];
}

function firstLine(blob: AppBlob, key: PatchKey, patches: readonly Patch[], rendering: Rendering): readonly string[] {
  for (const patch of patches) {
    const line = patchLine(blob, key, patch, rendering);
    if (line !== undefined) return [line];
  }
  return [];
}

function patchLine(blob: AppBlob, key: PatchKey, patch: Patch, rendering: Rendering): string | undefined {
  if (!startsFrom(blob, patch, rendering)) return undefined;
  const url = fileUrl(blob, key, patch, rendering);
  if (url === undefined || !isAllowedUrl(rendering.snapshot.fileHosts, url, rendering.part.product)) return undefined;
  const pairs: Attribute[] = [
    ['type', key.startsWith('complete') ? 'complete' : 'partial'],
    ['URL', url],
    ['hashFunction', blob.hashFunction ?? ''],
    ['hashValue', patch.hashValue],
    ['size', patch.filesize],
  ];
  if (blob.schema_version >= 8 && patch.binTransInclusionProof !== undefined) {
    pairs.push(['binTransInclusionProof', patch.binTransInclusionProof]);
  }
  return `        <patch${attributes(pairs)}/>`;
}

/** Whether the client runs the build that a patch starts from; `*` stands for any. */
function startsFrom(blob: AppBlob, { from }: Patch, { snapshot, request }: Rendering): boolean {
  if (from === '*') return true;
  const source = snapshot.releases.get(from)?.blob;
  if (source === undefined || source.schema_version >= 50) return false;
  const { platform, locale, buildId } = request;
  const builds = sameBuilds(blob, platform);
  return builds.some((name) => isBuild(source as AppBlob, name, locale, buildId));
}

function isBuild(blob: AppBlob, platform: string, locale: string, buildId: string): boolean {
  return own(blob.platforms, platform) !== undefined && buildIdOf(blob, platform, locale) === buildId;
}
