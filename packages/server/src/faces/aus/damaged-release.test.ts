import { type AppBlob, compile, emptyConfiguration, type ReadRelease, type Release } from 'sluice';
import { expect, test } from 'vitest';
import type { App } from '../../face.ts';
import { Problem } from '../../problem.ts';
import { aus } from './index.ts';

const blob: AppBlob = {
  name: 'R',
  schema_version: 9,
  appVersion: '2.0',
  platforms: { Linux: { buildID: '2', locales: { de: {} } } },
};
const release: Release = { name: 'R', product: 'MyApp', blob };
const rule = {
  id: 1,
  priority: 1,
  release: 'R',
  product: 'MyApp',
  share: { kind: 'percent', percent: 100 },
  updateType: 'minor',
  salt: '0123456789abcdef',
} as const;
const snapshot = compile({ ...emptyConfiguration, rules: [{ version: 1, value: rule }] });
const asked = {
  method: 'GET',
  url: '/update/1/MyApp/1.0/1/Linux/de/release/update.xml',
  userAgent: undefined,
} as const;

function open(readRelease: ReadRelease) {
  const app: App = {
    snapshot: () => snapshot,
    readRelease,
    nowMs: () => 0,
    draw: () => 1,
    checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
    version: { source: '', version: '', commit: '', build: '' },
  };
  return aus.open(app, aus.settings.parse({}));
}

test('a release that cannot be read is a problem for who needs it, until it can be read again', () => {
  let isDamaged = true;
  const face = open(() => {
    if (isDamaged) throw new Problem('snapshot-damaged', 'a file is gone');
    return release;
  });
  const damaged = expect.objectContaining({ code: 'snapshot-damaged' });
  for (let i = 0; i < 2; i += 1) expect(() => face.answer(asked)).toThrow(damaged);
  expect(() => face.explain(asked)).toThrow(damaged);
  // Who needs no release is answered.
  expect(face.answer({ ...asked, url: asked.url.replace('MyApp', 'Other') })).toMatchObject({ status: 200 });
  isDamaged = false;
  expect(face.answer(asked)?.body).toContain('appVersion="2.0"');
});

test('a release is read once for the answer that is then kept ready', () => {
  let reads = 0;
  const face = open((name, part) => {
    reads += 1;
    expect([name, part]).toEqual(['R', { platforms: ['Linux'], locale: 'de' }]);
    return release;
  });
  const first = face.answer(asked);
  expect(face.answer(asked)).toBe(first);
  expect(reads).toBe(1);
});
