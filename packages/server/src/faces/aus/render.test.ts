import type { AppBlob, Blob, GmpBlob, Release, SuperBlob, SystemAddonsBlob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { aRequest, decisionOf, snapshotOf, updates, xmlOf } from './answer.fixture.ts';
import { emptyUpdates, renderXml } from './render.ts';

const host = 'https://download.example.org';

function plugin(name: string, fileUrl = `${host}/${name}`): GmpBlob {
  const platforms = { default: { fileUrl, hashValue: 'ab', filesize: 1 } };
  return { name, schema_version: 1000, hashFunction: 'sha512', vendors: { [name]: { version: '1', platforms } } };
}

function addonLine(name: string): string {
  return `        <addon id="${name}" URL="${host}/${name}" hashFunction="sha512" hashValue="ab" size="1" version="1"/>`;
}

function released(product: string, blob: Blob): Release {
  return { name: blob.name, product, blob };
}

const app: AppBlob = {
  name: 'App',
  schema_version: 9,
  hashFunction: 'sha512',
  appVersion: '2.0',
  platforms: {
    'Linux_x86_64-gcc3': {
      buildID: '2',
      locales: { de: { completes: [{ filesize: 1, from: '*', hashValue: 'ab', fileUrl: `${host}/app` }] } },
    },
  },
};
const appLine = `        <patch type="complete" URL="${host}/app" hashFunction="sha512" hashValue="ab" size="1"/>`;

describe('a decision that holds', () => {
  test('is the empty answer', () => {
    expect(emptyUpdates).toBe('<?xml version="1.0"?>\n<updates>\n</updates>');
    expect(xmlOf(app, { request: { version: '3.0' } })).toBe(emptyUpdates);
    expect(xmlOf(app, { request: { version: 'not a version' } })).toBe(emptyUpdates);
  });
});

describe('a superblob', () => {
  const byName = (...blobs: readonly string[]): SuperBlob => ({ name: 'All', schema_version: 4000, blobs });
  const byProduct = (...products: readonly string[]): SuperBlob => ({ name: 'All', schema_version: 4000, products });
  const wrapped = (...lines: readonly string[]): string => updates('    <addons>', ...lines, '    </addons>');
  const others = [released('Widevine', plugin('widevine')), released('Addons', plugin('addon'))];

  test('of releases has what each of them says, in its order, without those that are missing', () => {
    const blob = byName('addon', 'missing', 'widevine', 'addon');
    expect(xmlOf(blob, { others })).toBe(wrapped(addonLine('addon'), addonLine('widevine'), addonLine('addon')));
    expect(xmlOf(byName(), { others })).toBe(wrapped());
  });

  test('of products asks the rules of each, and leaves out those that get nothing', () => {
    const rules = [
      { product: 'Widevine', release: 'widevine' },
      { product: 'Addons', release: 'addon', share: { kind: 'percent', percent: 0 } as const },
    ];
    expect(xmlOf(byProduct('Addons', 'Widevine', 'Nothing'), { others, rules })).toBe(wrapped(addonLine('widevine')));
    const [widevine] = rules;
    const all = [{ ...widevine }, { product: 'Addons', release: 'addon' }];
    expect(xmlOf(byProduct('Addons', 'Widevine'), { others, rules: all })).toBe(
      wrapped(addonLine('addon'), addonLine('widevine')),
    );
  });

  test('holds the hosts of each release against the product of that release', () => {
    const hosts = [{ host: 'download.example.org', products: ['Addons'] }];
    expect(xmlOf(byName('addon', 'widevine'), { others, hosts })).toBe(wrapped(addonLine('addon')));
    const rules = [
      { product: 'Widevine', release: 'widevine' },
      { product: 'Addons', release: 'addon' },
    ];
    expect(xmlOf(byProduct('Addons', 'Widevine'), { others, hosts, rules })).toBe(wrapped(addonLine('addon')));
  });

  test('may hold releases of any kind; another superblob stands for nothing', () => {
    const addons: SystemAddonsBlob = {
      name: 'system',
      schema_version: 5000,
      hashFunction: 'sha512',
      addons: {
        sys: { version: '1', platforms: { default: { fileUrl: `${host}/sys`, hashValue: 'ab', filesize: 1 } } },
      },
    };
    const parts: readonly Release[] = [
      released('MyApp', app),
      released('Addons', addons),
      released('Addons', { name: 'uninstall', schema_version: 5000, hashFunction: 'sha512', uninstall: true }),
      released('MyApp', { name: 'end', schema_version: 50, detailsUrl: 'https://x/%OS%', displayVersion: '1' }),
      released('MyApp', { ...byName('App'), name: 'inner' }),
      released('Guardian', { name: 'vpn', schema_version: 10_000, version: '2', required: false, platforms: {} }),
    ];
    expect(xmlOf(byName('App', 'system', 'uninstall', 'end', 'inner', 'All', 'vpn'), { others: parts })).toBe(
      wrapped(
        appLine,
        addonLine('sys'),
        '    <update type="minor" unsupported="true" detailsURL="https://x/Linux" displayVersion="1">',
        '    </update>',
      ),
    );
  });

  test('of which a part is not made for the client leaves that part out', () => {
    const request = { platform: 'WINNT' };
    expect(xmlOf(byName('App', 'addon'), { others: [...others, released('MyApp', app)], request })).toBe(
      wrapped(addonLine('addon')),
    );
  });
});

describe('the two nightlies that cannot read line breaks', () => {
  const nightly: AppBlob = { ...app, name: 'Firefox-mozilla-central-nightly-latest', displayVersion: '2    0' };

  test.each(['20190103220533', '20190104093221'])('%s gets its answer in one line', (buildId) => {
    const xml = xmlOf(nightly, { request: { buildId, version: '1.0' } });
    expect(xml).toBe(
      `<?xml version="1.0"?><updates><update appVersion="2.0" buildID="2" displayVersion="20" type="minor">${appLine.trim()}</update></updates>`,
    );
    expect(xmlOf(app, { request: { buildId } })).toContain('\n');
  });

  test('are alone in that', () => {
    expect(xmlOf(nightly, { request: { buildId: '20190103220534' } })).toContain('\n    <update');
  });
});

test('a Guardian release has no XML', () => {
  const blob: Blob = {
    name: 'vpn',
    schema_version: 10_000,
    version: '2',
    required: false,
    platforms: { WINNT: { fileUrl: 'x' } },
  };
  const request = { product: 'Guardian', platform: 'WINNT' };
  expect(xmlOf(blob, { request })).toBeUndefined();
  const snapshot = snapshotOf(blob, { request });
  expect(renderXml(decisionOf(snapshot, aRequest()), aRequest(), snapshot)).toBe(emptyUpdates);
});
