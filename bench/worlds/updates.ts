/**
 * A world of the size that the figures are stated for: rules over 500 product-channel pairs, releases of 8 platforms,
 * and update URLs as browsers in the field send them. The same at every run.
 */
export interface UpdatesWorld {
  /** As `sluice put` takes it. */
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  readonly urls: readonly string[];
}

const channels = [
  'nightly',
  'aurora',
  'beta',
  'release',
  'esr',
  'nightly-localtest',
  'beta-localtest',
  'release-localtest',
  'beta-cdntest',
  'release-cdntest',
];
const platforms = [
  'WINNT_x86_64-msvc',
  'WINNT_x86-msvc',
  'WINNT_aarch64-msvc-aarch64',
  'Linux_x86_64-gcc3',
  'Linux_x86-gcc3',
  'Darwin_x86_64-gcc3-u-i386-x86_64',
  'Darwin_aarch64-gcc3',
  'Linux_aarch64-gcc3',
];
const locales = ['de', 'en-GB', 'en-US', 'es-ES', 'fr', 'it', 'ja', 'nl', 'pl', 'pt-BR', 'ru', 'zh-CN'];
const systems = [
  'Windows_NT 10.0.0.0.22631.4460 (x64)',
  'Darwin 23.6.0',
  'Linux 6.1.0-28-amd64 (GTK 3.24.38,libpulse 16.1.0)',
];

export interface WorldSize {
  readonly products?: number;
  readonly channels?: number;
  /** How many rules each pair of product and channel has; the last is the plain one, those before are narrower. */
  readonly rulesPerPair?: number;
}

export function updatesWorld(size: WorldSize = {}): UpdatesWorld {
  const { products: productCount = 50, channels: channelCount = channels.length, rulesPerPair = 2 } = size;
  const products = Array.from({ length: productCount }, (_, index) => `Product${index}`);
  const versions = ['157.0', '158.0'];
  return {
    objects: [
      { kind: 'file-host', host: 'download.example.org', products },
      ...products.flatMap((product) => [
        releaseOf({ product, version: '157.0', buildID: '20261026142000', locales, partialsFrom: [] }),
        releaseOf({ product, version: '158.0', buildID: '20261116091500', locales, partialsFrom: ['157.0'] }),
      ]),
      ...products.flatMap((product, index) => rulesOf(product, index, { rulesPerPair, versions, channelCount })),
    ],
    urls: Array.from({ length: 200 }, (_, index) => urlOf(index, productCount, channelCount)),
  };
}

interface ReleaseLook {
  readonly product: string;
  readonly version: string;
  readonly buildID: string;
  readonly locales: readonly string[];
  /** The versions of the same product from which there are partial updates. */
  readonly partialsFrom: readonly string[];
}

/** A release of 8 platforms. */
export function releaseOf(look: ReleaseLook): Readonly<Record<string, unknown>> {
  const { product, version, buildID, partialsFrom } = look;
  const name = `${product}-${version}`;
  const hashValue = 'a1b2c3d4'.repeat(16);
  const completes = [{ from: '*', filesize: 71_234_567, hashValue }];
  const partials = partialsFrom.map((from) => ({ from: `${product}-${from}`, filesize: 12_345_678, hashValue }));
  const block = Object.fromEntries(
    look.locales.map((locale) => [
      locale,
      { buildID, appVersion: version, displayVersion: version, completes, partials },
    ]),
  );
  const base = `https://download.example.org/${product}/${version}/%OS_FTP%/%LOCALE%`;
  const blob = {
    name,
    schema_version: 9,
    hashFunction: 'sha512',
    appVersion: version,
    displayVersion: version,
    updateLine: [
      { for: {}, fields: { detailsURL: `https://www.example.org/%LOCALE%/${product}/${version}/`, type: 'minor' } },
    ],
    fileUrls: {
      '*': {
        completes: { '*': `${base}/complete.mar` },
        partials: Object.fromEntries(partials.map(({ from }) => [from, `${base}/${from}.partial.mar`])),
      },
    },
    platforms: Object.fromEntries(
      platforms.map((platform) => [platform, { OS_FTP: platform, OS_BOUNCER: platform, locales: block }]),
    ),
  };
  return { kind: 'release', name, product, blob };
}

interface RulesLook {
  readonly rulesPerPair: number;
  readonly versions: readonly string[];
  readonly channelCount?: number;
}

/** The rules of one product for all channels; `versions` are those of its fallback and of its newest release. */
export function rulesOf(
  product: string,
  productIndex: number,
  { rulesPerPair, versions, channelCount = channels.length }: RulesLook,
): readonly Readonly<Record<string, unknown>>[] {
  const [older, newest] = versions;
  return channels.slice(0, channelCount).flatMap((channel, channelIndex) =>
    Array.from({ length: rulesPerPair }, (_, index) => {
      const id = (productIndex * channels.length + channelIndex) * rulesPerPair + index + 1;
      const plain = index === rulesPerPair - 1;
      const narrowed = {
        version: `<${60 + index}.0`,
        osVersion: `Windows_NT 6.${index},Darwin ${10 + index}`,
        locale: locales.slice(index % 6).join(','),
      };
      return {
        kind: 'rule',
        name: String(id),
        product,
        channel,
        priority: plain ? 90 : 200 - index,
        release: `${product}-${newest}`,
        share: plain && id % 10 === 0 ? 25 : 100,
        ...(plain ? { fallback: `${product}-${older}` } : narrowed),
      };
    }),
  );
}

function urlOf(index: number, productCount: number, channelCount: number): string {
  const product = `Product${index % productCount}`;
  // Not in step with the products, so that all pairs come.
  const channel = channels[Math.floor(index / productCount + index) % channelCount];
  const platform = platforms[index % platforms.length];
  const locale = locales[index % locales.length];
  const old = index % 3 === 0;
  const version = old ? '157.0' : index % 7 === 0 ? '158.0' : '152.0.1';
  const buildId = old ? '20261026142000' : index % 7 === 0 ? '20261116091500' : '20260901120000';
  const system = encodeURIComponent(encodeURIComponent(systems[index % systems.length] ?? ''));
  const capabilities = encodeURIComponent(`ISET:SSE4_2,MEM:${8192 + index}`);
  const partner = index % 11 === 0 ? `${channel}-cck-acme` : channel;
  const force = index % 20 === 0 ? '?force=1' : '';
  return `/update/6/${product}/${version}/${buildId}/${platform}/${locale}/${partner}/${system}/${capabilities}/default/default/update.xml${force}`;
}
