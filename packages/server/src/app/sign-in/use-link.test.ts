import { describe, expect, test } from 'vitest';
import { Problem } from '../../problem.ts';
import type { Store } from '../../store.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { prepareSession } from './begin-session.ts';
import { ensureFirstLink } from './ensure-first-link.ts';
import { makeSignInLink } from './make-sign-in-link.ts';
import { actionsOf, ada, auditOf, hourMs, makeAdmin, nowMs, putPerson } from './people.fixture.ts';
import { revokeCredential } from './revoke-credential.ts';
import { makeSecret } from './secret.ts';
import type { SignInOutcome } from './sign-in-outcome.ts';
import { signInUser } from './sign-in-user.ts';
import { type LinkUse, useLink } from './use-link.ts';

const openStore = temporaryStores();

function use(store: Store, secret: string, more: Partial<LinkUse> = {}, atMs = nowMs): Promise<SignInOutcome> {
  return useLink(store, { secret, user: undefined, makeAdmin, ...more }, prepareSession({ agent: 'x' }, hourMs, atMs));
}

const linkOf = async (store: Store) =>
  (await makeSignInLink(store, { user: ada.name, by: 'local:root' }, nowMs)).secret;

describe('the link of the first administrator', () => {
  test('makes one and begins a session, once', async () => {
    const store = await openStore();
    const secret = (await ensureFirstLink(store, nowMs)) ?? '';
    expect(secret).toMatch(/^sluice_first_[A-Za-z0-9_-]{43}$/);
    expect(await use(store, secret, { user: ada.name })).toMatchObject({
      kind: 'begun',
      session: { user: ada.name, expiresAtMs: nowMs + hourMs },
    });
    expect(await store.get('user', ada.name)).toMatchObject({ body: { roles: ['admin'] } });
    expect(await use(store, secret, { user: 'eve@example.org' })).toMatchObject({ kind: 'refused' });
    expect(await store.get('user', 'eve@example.org')).toBeUndefined();
    expect(await actionsOf(store)).toEqual(['link.made', 'link.used', 'session.begun']);
    expect(JSON.stringify(await auditOf(store))).not.toContain(secret);
  });

  test('is made while no enabled user is an administrator', async () => {
    const store = await openStore();
    await putPerson(store, ada, { roles: ['viewer'] });
    expect(await ensureFirstLink(store, nowMs)).toBeDefined();
    await putPerson(store, ada, { roles: ['admin'], disabled: true });
    expect(await ensureFirstLink(store, nowMs)).toBeDefined();
    await putPerson(store, ada, { roles: ['viewer', 'admin'] });
    expect(await ensureFirstLink(store, nowMs)).toBeUndefined();
  });

  test('takes the place of those before', async () => {
    const store = await openStore();
    const [first = '', second = ''] = [await ensureFirstLink(store, nowMs), await ensureFirstLink(store, nowMs)];
    expect(await use(store, first, { user: ada.name })).toMatchObject({ kind: 'refused' });
    expect(await use(store, second, { user: ada.name })).toMatchObject({ kind: 'begun' });
  });

  test('lets in nobody any more once there is an administrator', async () => {
    const store = await openStore();
    const secret = (await ensureFirstLink(store, nowMs)) ?? '';
    await putPerson(store, ada, { roles: ['admin'] });
    const why = expect.stringContaining('there is one');
    expect(await use(store, secret, { user: 'eve@example.org' })).toEqual({ kind: 'refused', why });
  });

  test('needs a name, and is not used up by one that cannot be', async () => {
    const store = await openStore();
    const secret = (await ensureFirstLink(store, nowMs)) ?? '';
    expect(await use(store, secret)).toMatchObject({ kind: 'refused', why: expect.stringContaining('needs a name') });
    const refusing = () => Promise.reject(new Problem('invalid-object', 'no such name'));
    await expect(use(store, secret, { user: 'x', makeAdmin: refusing })).rejects.toMatchObject({
      code: 'invalid-object',
    });
    expect(await use(store, secret, { user: ada.name })).toMatchObject({ kind: 'begun' });
  });

  test('lasts a day', async () => {
    const store = await openStore();
    const secret = (await ensureFirstLink(store, nowMs)) ?? '';
    const late = await use(store, secret, { user: ada.name }, nowMs + 24 * hourMs);
    expect(late).toMatchObject({ kind: 'refused', why: expect.stringContaining('expired') });
    expect(await use(store, secret, { user: ada.name }, nowMs + 24 * hourMs - 1)).toMatchObject({ kind: 'begun' });
  });
});

describe('a link for a user', () => {
  test('lets that user in once, whatever name is sent along', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const secret = await linkOf(store);
    expect(await use(store, secret, { user: 'eve@example.org' })).toMatchObject({ session: { user: ada.name } });
    const why = expect.stringContaining('used before');
    expect(await use(store, secret)).toEqual({ kind: 'refused', why });
    expect(await store.get('user', ada.name)).toMatchObject({ version: 1 });
  });

  test('lets one in of twenty who use it at once', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const secret = await linkOf(store);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => use(store, secret)));
    expect(outcomes.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(await store.read((view) => view.credentials({ kind: 'session', limit: 50 }))).toHaveLength(1);
  });

  test('lasts an hour', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const secret = await linkOf(store);
    expect(await use(store, secret, {}, nowMs + hourMs)).toMatchObject({ kind: 'refused' });
    expect(await use(store, secret, {}, nowMs + hourMs - 1)).toMatchObject({ kind: 'begun' });
  });

  test('does not count once it is revoked or its user is disabled', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const [revoked, disabled] = [
      await makeSignInLink(store, { user: ada.name, by: 'local:root' }, nowMs),
      await linkOf(store),
    ];
    await revokeCredential(store, { id: revoked.link.id, by: 'local:root' }, nowMs);
    expect(await use(store, revoked.secret)).toMatchObject({ why: expect.stringContaining('revoked') });
    await putPerson(store, ada, { disabled: true });
    expect(await use(store, disabled)).toMatchObject({ why: expect.stringContaining('not enabled') });
  });

  test('is not made for nobody', async () => {
    const store = await openStore();
    await expect(linkOf(store)).rejects.toMatchObject({ code: 'object-not-found' });
    await putPerson(store, ada, { disabled: true });
    await expect(linkOf(store)).rejects.toMatchObject({ code: 'object-not-found' });
  });
});

test.each(['', 'x', 'sluice_link_x', makeSecret('link').text, makeSecret('first').text])(
  'the secret "%s", which no link has, lets nobody in',
  async (secret) => {
    const store = await openStore();
    await putPerson(store, ada);
    expect(await use(store, secret, { user: ada.name })).toEqual({ kind: 'refused', why: 'there is no such link' });
  },
);

test('neither a token nor a session is a link', async () => {
  const store = await openStore();
  await putPerson(store, ada);
  const prepared = prepareSession({ agent: undefined }, hourMs, nowMs);
  await signInUser(store, ada.name, prepared);
  expect(await use(store, prepared.secret)).toMatchObject({ kind: 'refused' });
});

test('a new session takes the place of the one that the browser had', async () => {
  const store = await openStore();
  await putPerson(store, ada);
  const first = prepareSession({ agent: 'x' }, hourMs, nowMs);
  await signInUser(store, ada.name, first);
  await signInUser(store, ada.name, prepareSession({ agent: 'x', replaces: first.blank.id }, hourMs, nowMs + 1));
  expect(await store.read((view) => view.credentialById(first.blank.id))).toMatchObject({ revokedAtMs: nowMs + 1 });
});
