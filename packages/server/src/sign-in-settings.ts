import { z } from 'zod';
import { isLoopbackHost } from './http/loopback-host.ts';

const secureOrigin = z.string().transform((text, context) => {
  const url = readSecureUrl(text);
  if (url !== undefined && url.pathname === '/') return url.origin;
  const message = 'an origin such as https://sluice-admin.example.org; http only for this machine';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const issuer = z
  .string()
  .refine(
    (text) => readSecureUrl(text) !== undefined,
    'an https URL without user and query; http only for this machine',
  );

const oidcSettings = z
  .strictObject({
    issuer: issuer.describe('The issuer URL of the OpenID Connect provider at which people sign in.'),
    clientId: z.string().min(1).max(1000).describe('What the provider calls this server.'),
    clientSecret: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('The secret that the provider gave this server; all nodes of one database need the same.'),
    clientSecretFile: z.string().min(1).optional().describe('A file with that secret, instead of it.'),
    scopes: z
      .string()
      .max(1000)
      .regex(/^(?:[\x21\x23-\x5b\x5d-\x7e]+ )*openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'scopes, openid among them')
      .default('openid email')
      .describe('What is asked of the provider; openid must be among it.'),
    claim: z
      .string()
      .min(1)
      .max(200)
      .default('email')
      .describe('What of the provider’s word is the name of the user here.'),
    requireVerifiedEmail: z
      .boolean()
      .default(true)
      .describe('Whether the provider must say that it has verified the e-mail address, where that is the claim.'),
  })
  .refine(({ clientSecret, clientSecretFile }) => clientSecret === undefined || clientSecretFile === undefined, {
    path: ['clientSecretFile'],
    message: 'stands instead of clientSecret, not beside it',
  });

/** How people sign in. */
export const signInSettings = z.strictObject({
  adminUrl: secureOrigin
    .optional()
    .describe(
      'What people call the admin listener: https://sluice-admin.example.org. Without it, browsers sign in on this machine only.',
    ),
  sessionHours: z.int().min(1).max(720).default(12).describe('How long a session lasts at most.'),
  idleMinutes: z.int().min(5).max(43_200).default(120).describe('How long a session may go unused before it ends.'),
  oidc: oidcSettings.optional(),
});

export type SignInSettings = z.output<typeof signInSettings>;
export type OidcSettings = z.output<typeof oidcSettings>;

/** A URL over which a secret may be sent: TLS, or nothing but this machine. */
function readSecureUrl(text: string): URL | undefined {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return undefined;
  const url = new URL(text);
  if (`${url.username}${url.password}` !== '') return undefined;
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSecure ? url : undefined;
}
