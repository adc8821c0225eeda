import { describe, expect, test } from 'vitest';
import { nameIn } from './name-in.ts';

const byEmail = { claim: 'email', requireVerifiedEmail: true } as const;

describe('the name of a user in the word of a provider', () => {
  test.each([
    ['Ada@Example.org', true, 'ada@example.org'],
    [' ada@example.org ', 'true', 'ada@example.org'],
  ])('is the verified address %s', (email, verified, user) => {
    expect(nameIn({ email, email_verified: verified }, byEmail)).toEqual({ kind: 'known', user });
  });

  test.each([false, 'false', 1, 'yes', null, {}])('is refused where email_verified is %j', (verified) => {
    expect(nameIn({ email: 'ada@example.org', email_verified: verified }, byEmail).kind).toBe('refused');
  });

  test('is looked for elsewhere where the address or its verification is not said', () => {
    expect(nameIn({}, byEmail).kind).toBe('absent');
    expect(nameIn({ email: null, email_verified: true }, byEmail).kind).toBe('absent');
    expect(nameIn({ email: 'ada@example.org' }, byEmail).kind).toBe('absent');
  });

  test.each(['', ' ', 'a b@example.org', 'a\u0000@example.org', 'a'.repeat(201), 7, ['ada@example.org'], {}])(
    'is refused where the address is %j',
    (email) => {
      expect(nameIn({ email, email_verified: true }, byEmail).kind).toBe('refused');
    },
  );

  test('is never that of somebody else because letters look alike when they are lowered', () => {
    const { user } = nameIn({ email: 'jac\u212A@example.org', email_verified: true }, byEmail) as { user?: string };
    expect(user).not.toBe('jack@example.org');
  });

  test('may be another claim, for which no address needs to be verified', () => {
    const settings = { claim: 'preferred_username', requireVerifiedEmail: true };
    expect(nameIn({ preferred_username: 'ada@x' }, settings)).toEqual({ kind: 'known', user: 'ada@x' });
    expect(nameIn({ email: 'ada@x', email_verified: true }, settings).kind).toBe('absent');
    expect(nameIn({}, { ...settings, claim: 'toString' }).kind).toBe('absent');
  });

  test('may be an address that nobody verified, where that is wanted', () => {
    const settings = { claim: 'email', requireVerifiedEmail: false };
    expect(nameIn({ email: 'ada@x' }, settings)).toEqual({ kind: 'known', user: 'ada@x' });
  });
});
