import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { listCredentials } from './list-credentials.ts';
import { makeToken } from './make-token.ts';
import { ada, auditOf, hourMs, nowMs, putPerson, robot } from './people.fixture.ts';

const openStore = temporaryStores();
const wanted = { name: 'nightly', owner: ada, expiresAtMs: nowMs + hourMs, by: 'user:ada@example.org' };

describe('an API token', () => {
  test('has 256 random bits, is shown once, and only its SHA-256 is kept', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { token, secret } = await makeToken(store, wanted, nowMs);
    expect(secret).toMatch(/^sluice_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(secret.slice(7), 'base64url')).toHaveLength(32);
    expect(token.digest).toBe(createHash('sha256').update(secret).digest('hex'));
    const kept = await store.read((view) => view.credentials({ limit: 10 }));
    expect(kept).toEqual([token]);
    expect(JSON.stringify(kept)).not.toContain(secret.slice(7));
    const shown = await listCredentials(store, { limit: 10 });
    expect(JSON.stringify(shown)).not.toContain(token.digest);
    expect(shown).toMatchObject([{ kind: 'token', id: token.id, name: 'nightly', owner: 'user:ada@example.org' }]);
    expect((await makeToken(store, wanted, nowMs)).secret).not.toBe(secret);
  });

  test('is written into the audit log with everything but the secret', async () => {
    const store = await openStore();
    await putPerson(store, robot);
    const request = { ...wanted, owner: robot, scopes: ['read', 'read', 'enact'] as const };
    const { token, secret } = await makeToken(store, request, nowMs);
    expect(token.scopes).toEqual(['read', 'enact']);
    const log = await auditOf(store);
    expect(log).toEqual([
      {
        action: 'token.made',
        actor: 'user:ada@example.org',
        subject: `token ${token.id}`,
        detail: {
          name: 'nightly',
          owner: 'service-account:robot',
          scopes: ['read', 'enact'],
          expiresAtMs: wanted.expiresAtMs,
        },
      },
    ]);
    expect(JSON.stringify(log)).not.toContain(secret);
    expect(JSON.stringify(log)).not.toContain(token.digest);
  });

  test.each([
    ['no name', { name: '' }],
    ['a name of spaces', { name: ' a' }],
    ['a name that moves a terminal', { name: 'a\u001b[2J' }],
    ['a name that is too long', { name: 'a'.repeat(101) }],
    ['no scope at all', { scopes: [] }],
    ['a time that has passed', { expiresAtMs: nowMs }],
    ['no time', { expiresAtMs: Number.NaN }],
    ['more than 400 days', { expiresAtMs: nowMs + 400 * 24 * hourMs + 1 }],
  ])('is not made with %s', async (_, wrong) => {
    const store = await openStore();
    await putPerson(store, ada);
    await expect(makeToken(store, { ...wanted, ...wrong }, nowMs)).rejects.toMatchObject({ code: 'usage' });
    expect(await auditOf(store)).toEqual([]);
  });

  test('is made for 400 days and for a name of one letter', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const request = { ...wanted, name: 'ä', expiresAtMs: nowMs + 400 * 24 * hourMs };
    expect((await makeToken(store, request, nowMs)).token.name).toBe('ä');
  });

  test('is not made for nobody, for somebody who is disabled, and for the operating system', async () => {
    const store = await openStore();
    await putPerson(store, robot, { disabled: true });
    for (const owner of [ada, robot, { kind: 'local', name: 'root' } as const])
      await expect(makeToken(store, { ...wanted, owner }, nowMs)).rejects.toMatchObject({ code: 'object-not-found' });
    expect(await listCredentials(store, { limit: 10 })).toEqual([]);
  });

  test('is never wider than the token of whoever makes it', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const within = ['read', 'administer'] as const;
    for (const scopes of [undefined, ['enact'] as const, ['read', 'enact'] as const])
      await expect(makeToken(store, { ...wanted, scopes, within }, nowMs)).rejects.toMatchObject({
        code: 'not-allowed',
      });
    expect((await makeToken(store, { ...wanted, scopes: ['read'], within }, nowMs)).token.scopes).toEqual(['read']);
  });
});
