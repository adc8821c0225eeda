import { createHash, randomBytes } from 'node:crypto';

/** A secret as it is handed out once, and what is kept of it. */
export interface MadeSecret {
  readonly text: string;
  readonly digest: string;
  /** By which people know it, and which says nothing of it. */
  readonly id: string;
}

/** What each kind of secret begins with, so that people and scanners know one where they see it. */
export const secretPrefixes = {
  token: 'sluice_',
  session: 'sluice_session_',
  link: 'sluice_link_',
  /** A link that makes the first administrator. */
  first: 'sluice_first_',
  /** A link of a notice. */
  notice: 'sluice_notice_',
} as const;

/** Makes a secret of 256 random bits. */
export function makeSecret(kind: keyof typeof secretPrefixes): MadeSecret {
  const text = `${secretPrefixes[kind]}${randomBytes(32).toString('base64url')}`;
  return { text, digest: digestOfSecret(text), id: randomBytes(8).toString('hex') };
}

/** What is kept of a secret. It has 256 random bits, so nothing slower than a plain hash is needed. */
export function digestOfSecret(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a text has the form of a secret at all. */
export function isSecret(text: string): boolean {
  return /^sluice_(?:(?:session|link|first|notice)_)?[A-Za-z0-9_-]{43}$/.test(text);
}
