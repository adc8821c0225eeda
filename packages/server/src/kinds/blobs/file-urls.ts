import type { Addon, AppBlob, Blob, Dictionary } from 'sluice';

/** A file URL, or a template of one, and where in its blob it stands. */
export interface FileUrl {
  readonly path: readonly (string | number)[];
  readonly url: string;
}

/** Every URL in a blob that clients may fetch files from. Pages to read are not among them. */
export function fileUrls(blob: Blob): readonly FileUrl[] {
  switch (blob.schema_version) {
    case 50:
    case 4000:
      return [];
    case 1000:
      return addonUrls('vendors', blob.vendors);
    case 5000:
      return addonUrls('addons', blob.addons ?? {});
    case 10_000:
      return entries(blob.platforms).map(([name, { fileUrl }]) => ({
        path: ['platforms', name, 'fileUrl'],
        url: fileUrl,
      }));
    default:
      return [...templates(blob), ...patchUrls(blob)];
  }
}

function entries<T>(dictionary: Dictionary<T> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(dictionary ?? {}).filter((entry): entry is [string, T] => entry[1] !== undefined);
}

function addonUrls(key: string, addons: Dictionary<Addon>): readonly FileUrl[] {
  return entries(addons).flatMap(([id, addon]) =>
    entries(addon.platforms).flatMap(([name, { fileUrl, mirrorUrls = [] }]) => {
      const path = [key, id, 'platforms', name];
      const mirrors = mirrorUrls.map((url, index) => ({ path: [...path, 'mirrorUrls', index], url }));
      return fileUrl === undefined ? mirrors : [{ path: [...path, 'fileUrl'], url: fileUrl }, ...mirrors];
    }),
  );
}

function templates({ fileUrls: blocks }: AppBlob): readonly FileUrl[] {
  return entries(blocks).flatMap(([channel, block]) =>
    typeof block === 'string'
      ? [{ path: ['fileUrls', channel], url: block }]
      : entries(block).flatMap(([key, urls]) =>
          entries(urls).map(([from, url]) => ({ path: ['fileUrls', channel, key, from], url })),
        ),
  );
}

function patchUrls({ platforms }: AppBlob): readonly FileUrl[] {
  return entries(platforms).flatMap(([platform, { locales }]) =>
    entries(locales).flatMap(([locale, block]) => {
      const path = ['platforms', platform, 'locales', locale];
      return [
        { path: [...path, 'complete'], url: block.complete?.fileUrl },
        { path: [...path, 'partial'], url: block.partial?.fileUrl },
        ...(block.completes ?? []).map(({ fileUrl }, index) => ({ path: [...path, 'completes', index], url: fileUrl })),
        ...(block.partials ?? []).map(({ fileUrl }, index) => ({ path: [...path, 'partials', index], url: fileUrl })),
      ].flatMap(({ path: at, url }) => (url === undefined ? [] : [{ path: [...at, 'fileUrl'], url }]));
    }),
  );
}
