import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { z } from 'zod';
import { Problem } from '../problem.ts';

/** The certificate of the public listener. */
export const tlsSettings = z.strictObject({
  certFile: z.string().min(1).describe('The certificate of the public listener and those above it, in PEM.'),
  keyFile: z.string().min(1).describe('Its private key in PEM, without a password.'),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('The oldest version of TLS that is spoken.'),
});

export type TlsSettings = z.output<typeof tlsSettings>;

/** A certificate that was found to be usable. */
export interface Certificate {
  readonly context: SecureContextOptions;
  /** Until when it is valid, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Reads both files and tries them. @throws Problem `invalid-config`, naming the setting and the file. */
export function readCertificate({ certFile, keyFile, minVersion }: TlsSettings): Certificate {
  const cert = attempt('tls.certFile', certFile, () => readFileSync(certFile));
  const key = attempt('tls.keyFile', keyFile, () => readFileSync(keyFile));
  const leaf = attempt('tls.certFile', certFile, () => new X509Certificate(cert), 'holds no certificate in PEM');
  const secret = attempt(
    'tls.keyFile',
    keyFile,
    () => createPrivateKey(key),
    'holds no private key without a password',
  );
  if (!leaf.checkPrivateKey(secret))
    throw new Problem('invalid-config', `tls.keyFile: ${keyFile} is not the key of the certificate in ${certFile}`);
  const context = { cert, key, minVersion };
  // What is behind the first certificate in the file is read only here.
  attempt('tls.certFile', certFile, () => createSecureContext(context));
  return { context, expiresAtMs: Date.parse(leaf.validTo) };
}

/** What changes when one of the files does, also when a link that leads to it does; absent files have none. */
export function filesMark({ certFile, keyFile }: TlsSettings): string {
  return [certFile, keyFile]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? '' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
    })
    .join(' ');
}

function attempt<T>(setting: string, file: string, action: () => T, failure?: string): T {
  try {
    return action();
  } catch (cause) {
    const reason = failure ?? (cause instanceof Error ? cause.message : String(cause));
    throw new Problem('invalid-config', `${setting}: ${file}: ${reason}`, [], { cause });
  }
}
