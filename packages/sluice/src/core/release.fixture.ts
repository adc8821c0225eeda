import type { AppBlob, Blob } from './blob.ts';
import type { Release } from './model.ts';

/** An application release: `MyApp-2.0` for one platform, its alias, and two locales. */
export function anAppRelease(
  version: string,
  differences: Partial<AppBlob> = {},
): Release & { readonly blob: AppBlob } {
  const name = `MyApp-${version}`;
  const blob: AppBlob = {
    schema_version: 4,
    name,
    appVersion: version,
    displayVersion: version,
    platforms: {
      'Linux_x86_64-gcc3': {
        buildID: '20260201000000',
        locales: { 'en-US': {}, de: { buildID: '20260202000000' } },
      },
      'Linux_x86_64-gcc3-asan': { alias: 'Linux_x86_64-gcc3' },
    },
    ...differences,
  };
  return { name, product: 'MyApp', blob };
}

export function aRelease(product: string, blob: Blob): Release {
  return { name: blob.name, product, blob };
}
