import { z } from '@hono/zod-openapi';
import type { ShownCredential } from '../../app/sign-in/list-credentials.ts';
import { scopes } from '../../permission.ts';
import { readPrincipal } from '../../principal.ts';
import { instant, instantOf } from './schemas.ts';

/** A user or a service account, as history and audit write them. */
export const principalInput = z
  .string()
  .max(210)
  .regex(/^(?:user|service-account):[^\p{Cc}]+$/u, 'user:NAME or service-account:NAME')
  .transform(readPrincipal)
  .openapi({ type: 'string', example: 'service-account:release-robot' });

export const scopesInput = z.array(z.enum(scopes)).min(1).max(scopes.length);

export const credentialId = z.object({
  id: z
    .string()
    .max(100)
    .openapi({ param: { name: 'id', in: 'path' } }),
});

const shown = {
  id: z.string(),
  owner: z.string().openapi({ example: 'user:ada@example.org' }),
  createdAt: instant,
  expiresAt: instant,
  revokedAt: instant.optional(),
  usedAt: instant.optional().openapi({ description: 'To the minute or so; absent where it never was.' }),
};

export const tokenBody = z
  .object({ ...shown, name: z.string(), scopes: z.array(z.enum(scopes)).optional() })
  .openapi('Token');

export const sessionBody = z
  .object({
    ...shown,
    agent: z.string().openapi({ description: 'What the browser called itself.' }),
    current: z.boolean().openapi({ description: 'Whether it is the one that asks.' }),
  })
  .openapi('Session');

/** What all that lets somebody in is shown with. */
export function presentCredential({ id, owner, ...times }: Omit<ShownCredential, 'kind'>) {
  const { createdAtMs, expiresAtMs, revokedAtMs, usedAtMs } = times;
  return {
    id,
    owner,
    createdAt: instantOf(createdAtMs),
    expiresAt: instantOf(expiresAtMs),
    ...(revokedAtMs !== undefined && { revokedAt: instantOf(revokedAtMs) }),
    ...(usedAtMs !== undefined && { usedAt: instantOf(usedAtMs) }),
  };
}
