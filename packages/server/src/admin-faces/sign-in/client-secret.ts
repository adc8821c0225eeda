import { readFileSync } from 'node:fs';
import { Problem } from '../../problem.ts';
import type { OidcClientSettings } from '../../sign-in-app.ts';
import type { OidcSettings } from '../../sign-in-settings.ts';

/** The settings of the provider with the client's secret, which may stand in a file. @throws Problem `invalid-config`. */
export function withClientSecret({ clientSecretFile: file, ...settings }: OidcSettings): OidcClientSettings {
  if (file === undefined) return settings;
  const clientSecret = readSecret(file);
  if (clientSecret === '') throw new Problem('invalid-config', `signIn.oidc.clientSecretFile: ${file} is empty`);
  return { ...settings, clientSecret };
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('invalid-config', `signIn.oidc.clientSecretFile: ${file}: ${reason}`, [], { cause });
  }
}
