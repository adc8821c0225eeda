import { afterEach, expect, test, vi } from 'vitest';
import { forgetOld } from './forget-old.ts';
import { makeToken } from './sign-in/make-token.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openStore = temporaryStores();
const dayMs = 86_400_000;
afterEach(() => {
  vi.useRealTimers();
});

test('what has expired long ago is forgotten within the hour, and so are audit entries where they are not kept', async () => {
  const store = await openStore();
  await store.commit([{ kind: 'user', name: 'ada@example.org', body: { roles: [], disabled: false } }], {
    atMs: 1,
    author: 'a',
    reason: 'b',
  });
  const owner = { kind: 'user', name: 'ada@example.org' } as const;
  await makeToken(store, { name: 'old', owner, expiresAtMs: dayMs, by: 'local:test' }, 1000);
  await makeToken(store, { name: 'newer', owner, expiresAtMs: 100 * dayMs, by: 'local:test' }, 2000);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const troubles: unknown[] = [];
  const forgetting = forgetOld(store, {
    nowMs: () => 50 * dayMs,
    keepAuditMs: dayMs,
    onTrouble: (error) => void troubles.push(error),
  });
  vi.advanceTimersByTime(3_600_000);
  await forgetting.stop();
  expect(troubles).toEqual([]);
  const [tokens, entries] = await store.read(async (view) => [
    await view.credentials({ kind: 'token', limit: 10 }),
    await view.audit({ limit: 10 }),
  ]);
  expect(tokens.map((token) => token.kind === 'token' && token.name)).toEqual(['newer']);
  expect(entries.map(({ action }) => action)).toEqual(['audit.removed']);
});
