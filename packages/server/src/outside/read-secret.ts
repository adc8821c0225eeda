import { readFileSync } from 'node:fs';
import { hostAndPort } from '../host-and-port.ts';
import { NotKnown } from '../not-known.ts';
import type { Secrets } from '../secrets-setting.ts';

/** What stands in the file of a secret, which is read anew each time. @throws NotKnown, which holds neither it nor the file. */
export function readSecret(secrets: Secrets, name: string, host: string): string {
  const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (secret === undefined) throw new NotKnown(`no secret is called ${name} here`);
  const asked = hostAndPort(host);
  const isFor = secret.hosts.map(hostAndPort).some((allowed) => {
    if (allowed === undefined || asked === undefined || allowed.host !== asked.host) return false;
    return allowed.port === undefined || allowed.port === (asked.port ?? 443);
  });
  if (!isFor) throw new NotKnown(`the secret ${name} is not for ${host}`);
  const text = textOf(secret.file, name);
  if (text === '') throw new NotKnown(`the secret ${name} is empty`);
  return text;
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new NotKnown(`the secret ${name} cannot be read (${code})`, { cause });
  }
}
