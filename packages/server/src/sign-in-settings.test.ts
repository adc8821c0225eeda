import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { signInSettings } from './sign-in-settings.ts';

const oidc = { issuer: 'https://id.example.org/realms/x', clientId: 'sluice' };

describe('the settings of signing in', () => {
  test('have a session of half a day at most, and no provider', () => {
    expect(signInSettings.parse({})).toEqual({ sessionHours: 12, idleMinutes: 120 });
  });

  test('ask a provider for the verified e-mail address', () => {
    expect(signInSettings.parse({ oidc }).oidc).toEqual({
      ...oidc,
      scopes: 'openid email',
      claim: 'email',
      requireVerifiedEmail: true,
    });
  });

  test.each([
    ['https://sluice-admin.example', 'https://sluice-admin.example'],
    ['https://sluice-admin.example/', 'https://sluice-admin.example'],
    ['https://SLUICE.example:443', 'https://sluice.example'],
    ['http://localhost:8081', 'http://localhost:8081'],
    ['http://127.0.0.1:8081/', 'http://127.0.0.1:8081'],
    ['http://[::1]:8081', 'http://[::1]:8081'],
  ])('take %s as what people call the listener', (adminUrl, origin) => {
    expect(signInSettings.parse({ adminUrl }).adminUrl).toBe(origin);
  });

  test.each([
    '',
    'sluice-admin.example',
    'http://sluice-admin.example',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'https://me@sluice.example',
    'https://sluice.example/console',
    'https://sluice.example?x',
    'https://sluice.example#x',
    'ftp://sluice.example',
    'javascript:alert(1)',
  ])('do not take "%s", over which a session could be stolen or which is no origin', (adminUrl) => {
    expect(signInSettings.safeParse({ adminUrl }).success).toBe(false);
  });

  test('take a provider over TLS or on this machine only', () => {
    const works = (issuer: string) => signInSettings.safeParse({ oidc: { ...oidc, issuer } }).success;
    expect(['https://a', 'http://127.0.0.1:1/x', 'http://localhost:1'].map(works)).toEqual([true, true, true]);
    for (const wrong of ['http://id.example', 'id.example', 'https://a?x', 'https://u:p@a', ''])
      expect(works(wrong), wrong).toBe(false);
  });

  test('take the secret or its file, and scopes with openid among them', () => {
    const works = (more: object) => signInSettings.safeParse({ oidc: { ...oidc, ...more } }).success;
    expect(works({ clientSecret: 'x' })).toBe(true);
    expect(works({ clientSecretFile: 'x' })).toBe(true);
    expect(works({ clientSecret: 'x', clientSecretFile: 'x' })).toBe(false);
    for (const scopes of ['openid', 'email openid', 'a openid b']) expect(works({ scopes }), scopes).toBe(true);
    for (const scopes of ['', 'email', 'openid2', ' openid', 'openid  email', 'openid "x"'])
      expect(works({ scopes }), scopes).toBe(false);
  });

  test('may all be said in variables', () => {
    const { config, warnings } = loadConfig({
      faces: [],
      environment: {
        SLUICE_SIGN_IN_ADMIN_URL: 'https://sluice-admin.example',
        SLUICE_SIGN_IN_OIDC_ISSUER: oidc.issuer,
        SLUICE_SIGN_IN_OIDC_CLIENT_ID: '7',
        SLUICE_SIGN_IN_OIDC_CLIENT_SECRET: '12345678',
      },
    });
    expect(warnings).toEqual([]);
    expect(config.signIn).toMatchObject({
      adminUrl: 'https://sluice-admin.example',
      oidc: { issuer: oidc.issuer, clientId: '7', clientSecret: '12345678' },
    });
  });
});
