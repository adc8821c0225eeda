import { describe, expect, test } from 'vitest';
import type { Store } from '../../store.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { type Authentication, openAuthentication } from './authentication.ts';
import { prepareSession } from './begin-session.ts';
import { endSession } from './end-session.ts';
import { makeToken } from './make-token.ts';
import { actionsOf, ada, hourMs, nowMs, putPerson, robot } from './people.fixture.ts';
import { revokeAllOf } from './revoke-all-of.ts';
import { revokeCredential } from './revoke-credential.ts';
import { makeSecret } from './secret.ts';
import { signInUser } from './sign-in-user.ts';

const openStore = temporaryStores();
const idleMs = 2 * hourMs;
const troubles: unknown[] = [];
const openedOn = (store: Store): Authentication =>
  openAuthentication(store, { idleMs, onTrouble: (error) => void troubles.push(error) });

async function session(store: Store, lifeMs = 12 * hourMs): Promise<{ readonly secret: string; readonly id: string }> {
  const prepared = prepareSession({ agent: 'Firefox \u001b[2J ünd' }, lifeMs, nowMs);
  const outcome = await signInUser(store, ada.name, prepared);
  expect(outcome.kind).toBe('begun');
  return { secret: prepared.secret, id: prepared.blank.id };
}

const token = (store: Store, owner: typeof ada | typeof robot = ada) =>
  makeToken(store, { name: 't', owner, scopes: ['read'], expiresAtMs: nowMs + hourMs, by: 'local:root' }, nowMs);

describe('whoever presents', () => {
  test('a token is its owner, with the scopes of the token', async () => {
    const store = await openStore();
    await putPerson(store, robot);
    const made = await token(store, robot);
    const { authenticate } = openedOn(store);
    expect(await authenticate({ bearer: made.secret }, nowMs)).toEqual({
      principal: robot,
      via: 'token',
      credentialId: made.token.id,
      scopes: ['read'],
    });
  });

  test('the cookie of a session is its user, and the session has a text against forgery', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret, id } = await session(store);
    const found = await openedOn(store).authenticate({ cookie: secret }, nowMs);
    expect(found).toMatchObject({ principal: ada, via: 'session', credentialId: id });
    expect(found?.csrf).toMatch(/^[0-9a-f]{64}$/);
    const [kept] = await store.read((view) => view.credentials({ limit: 1 }));
    expect(kept).toMatchObject({ agent: 'Firefox  [2J  nd' });
  });

  test('both is who the token says, and nobody where that is wrong', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    await putPerson(store, robot);
    const [{ secret: cookie }, { secret: bearer }] = [await session(store), await token(store, robot)];
    const { authenticate } = openedOn(store);
    expect((await authenticate({ bearer, cookie }, nowMs))?.principal).toEqual(robot);
    expect(await authenticate({ bearer: '', cookie }, nowMs)).toBeUndefined();
    expect(await authenticate({ bearer: makeSecret('token').text, cookie }, nowMs)).toBeUndefined();
  });

  test.each(['', 'x', 'sluice_', `sluice_${'a'.repeat(44)}`, `sluice_${'é'.repeat(43)}`, '\0'.repeat(50)])(
    'what is no secret, such as "%s", is nobody',
    async (text) => {
      const { authenticate } = openedOn(await openStore());
      expect(await authenticate({ bearer: text }, nowMs)).toBeUndefined();
      expect(await authenticate({ cookie: text }, nowMs)).toBeUndefined();
    },
  );

  test('nothing, or what was never made, is nobody', async () => {
    const { authenticate } = openedOn(await openStore());
    expect(await authenticate({}, nowMs)).toBeUndefined();
    expect(await authenticate({ bearer: makeSecret('token').text }, nowMs)).toBeUndefined();
    expect(await authenticate({ cookie: makeSecret('session').text }, nowMs)).toBeUndefined();
  });

  test('a token as a cookie, or a session as a token, is nobody', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const [{ secret: cookie }, { secret: bearer }] = [await session(store), await token(store)];
    const { authenticate } = openedOn(store);
    expect(await authenticate({ cookie: bearer }, nowMs)).toBeUndefined();
    expect(await authenticate({ bearer: cookie }, nowMs)).toBeUndefined();
  });

  test('what belongs to somebody who is disabled or gone is nobody, within a second', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: bearer } = await token(store);
    const { authenticate } = openedOn(store);
    expect(await authenticate({ bearer }, nowMs)).toBeDefined();
    await putPerson(store, ada, { disabled: true });
    expect(await authenticate({ bearer }, nowMs + 500)).toBeUndefined();
    await putPerson(store, ada);
    expect(await authenticate({ bearer }, nowMs + 1000)).toBeDefined();
    await store.commit([{ kind: 'user', name: ada.name, body: undefined }], { atMs: 1, author: 'a', reason: '' });
    expect(await authenticate({ bearer }, nowMs + 1500)).toBeUndefined();
  });
});

describe('a credential', () => {
  test('ends at its time', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: bearer } = await token(store);
    const { authenticate } = openedOn(store);
    expect(await authenticate({ bearer }, nowMs + hourMs - 1)).toBeDefined();
    expect(await authenticate({ bearer }, nowMs + hourMs)).toBeUndefined();
  });

  test('that is revoked lets nobody in after half a second, on another node too', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: bearer, token: made } = await token(store);
    const { secret: cookie, id } = await session(store);
    const nodes = [openedOn(store), openedOn(store)];
    for (const { authenticate } of nodes) {
      expect(await authenticate({ bearer }, nowMs)).toBeDefined();
      expect(await authenticate({ cookie }, nowMs)).toBeDefined();
    }
    await revokeCredential(store, { id: made.id, by: 'user:eve@example.org' }, nowMs);
    await endSession(store, id, nowMs);
    for (const { authenticate } of nodes) {
      expect(await authenticate({ bearer }, nowMs + 500)).toBeUndefined();
      expect(await authenticate({ cookie }, nowMs + 500)).toBeUndefined();
    }
    for (const { settle } of nodes) await settle();
    const kept = await store.read((view) => view.credentialById(made.id));
    expect(kept?.revokedAtMs).toBe(nowMs);
    expect(await actionsOf(store)).toEqual(['token.made', 'session.begun', 'token.revoked', 'session.ended']);
  });

  test('is revoked once, by its id, and not under the name of somebody else', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { id } = (await token(store)).token;
    const revoke = (more: object) => revokeCredential(store, { id, by: 'local:root', ...more }, nowMs);
    await expect(revoke({ owner: 'user:eve@example.org' })).rejects.toMatchObject({ code: 'credential-not-found' });
    await expect(revoke({ id: 'none' })).rejects.toMatchObject({ code: 'credential-not-found' });
    await revoke({ owner: 'user:ada@example.org' });
    await revoke({});
    expect(await actionsOf(store)).toEqual(['token.made', 'token.revoked']);
  });

  test('is revoked with all others of its owner, or all of a kind', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    await putPerson(store, robot);
    for (let made = 0; made < 3; made += 1) await token(store);
    const [{ secret: others }, { secret: cookie }] = [await token(store, robot), await session(store)];
    const { authenticate } = openedOn(store);
    const revocation = { owner: 'user:ada@example.org', by: 'local:root' };
    expect(await revokeAllOf(store, { ...revocation, kind: 'token' }, nowMs)).toBe(3);
    expect(await authenticate({ cookie }, nowMs)).toBeDefined();
    expect(await revokeAllOf(store, revocation, nowMs)).toBe(1);
    expect(await authenticate({ cookie }, nowMs + 500)).toBeUndefined();
    expect(await authenticate({ bearer: others }, nowMs + 500)).toBeDefined();
  });
});

describe('the time of use', () => {
  test('is written down at most once a minute', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: bearer, token: made } = await token(store);
    const { authenticate, settle } = openedOn(store);
    const usedAtMs = async (atMs: number) => {
      await authenticate({ bearer }, atMs);
      await settle();
      return (await store.read((view) => view.credentialById(made.id)))?.usedAtMs;
    };
    expect(await usedAtMs(nowMs)).toBe(nowMs);
    expect(await usedAtMs(nowMs + 59_999)).toBe(nowMs);
    expect(await usedAtMs(nowMs + 60_000)).toBe(nowMs + 60_000);
    expect(await actionsOf(store)).toEqual(['token.made']);
  });

  test('keeps nobody out when it cannot be written', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: bearer } = await token(store);
    const failing: Store = { ...store, read: store.read.bind(store), write: () => Promise.reject(new Error('away')) };
    const { authenticate, settle } = openedOn(failing);
    expect(await authenticate({ bearer }, nowMs)).toBeDefined();
    await settle();
    expect(troubles.splice(0)).toEqual([new Error('away')]);
  });

  test('ends a session that is not used, and keeps one that is until its last hour', async () => {
    const store = await openStore();
    await putPerson(store, ada);
    const { secret: used } = await session(store);
    const { secret: unused } = await session(store);
    const { authenticate, settle } = openedOn(store);
    for (let atMs = nowMs; atMs < nowMs + 12 * hourMs; atMs += idleMs - 1) {
      expect(await authenticate({ cookie: used }, atMs)).toBeDefined();
      await settle();
    }
    expect(await authenticate({ cookie: used }, nowMs + 12 * hourMs)).toBeUndefined();
    expect(await authenticate({ cookie: unused }, nowMs + idleMs)).toBeUndefined();
  });
});

test('what could not be read is read again', async () => {
  const store = await openStore();
  await putPerson(store, ada);
  const { secret: bearer } = await token(store);
  let fails = true;
  const shaky: Store = {
    ...store,
    read: (work) => (fails ? Promise.reject(new Error('away')) : store.read(work)),
    write: store.write.bind(store),
  };
  const { authenticate } = openedOn(shaky);
  await expect(authenticate({ bearer }, nowMs)).rejects.toThrow('away');
  fails = false;
  expect(await authenticate({ bearer }, nowMs)).toBeDefined();
});
