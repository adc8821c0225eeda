import { releaseOf, rulesOf } from './updates.ts';

/** How many releases each product of the large world has. */
const versions = Array.from({ length: 10 }, (_, index) => `${150 + index}.0`);
const products = Array.from({ length: 50 }, (_, index) => `Product${index}`);
const locales = Array.from({ length: 100 }, (_, index) => `l${String(index).padStart(2, '0')}-XX`);

/** The objects of one product and what they weigh: 200 rules, and 10 releases of 8 platforms and 100 locales each. */
export function* largeWorld(): Generator<readonly Readonly<Record<string, unknown>>[]> {
  yield [{ kind: 'file-host', host: 'download.example.org', products }];
  for (const [index, product] of products.entries()) {
    const releases = versions.map((version, at) => {
      const buildID = `202610${10 + at}142000`;
      return releaseOf({ product, version, buildID, locales, partialsFrom: versions.slice(Math.max(0, at - 2), at) });
    });
    yield [...releases, ...rulesOf(product, index, { rulesPerPair: 20, versions: ['158.0', '159.0'] })];
  }
}

/** One URL for each release's product, platform and locale in turn, so that all of the world is asked for. */
export function largeWorldUrls(count: number): readonly string[] {
  const platforms = ['WINNT_x86_64-msvc', 'Linux_x86_64-gcc3', 'Darwin_aarch64-gcc3', 'WINNT_x86-msvc'];
  const channels = ['nightly', 'beta', 'release', 'esr'];
  return Array.from({ length: count }, (_, index) => {
    const at = (list: readonly string[], step: number) => list[Math.floor(index / step) % list.length];
    const where = `${at(platforms, 7)}/${at(locales, 3)}/${at(channels, 5)}`;
    return `/update/3/${at(products, 1)}/${at(versions, 50)}/20261001142000/${where}/Linux/default/default/update.xml`;
  });
}
