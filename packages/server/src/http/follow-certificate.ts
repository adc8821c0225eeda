import type { SecureContextOptions } from 'node:tls';
import { Problem } from '../problem.ts';
import { filesMark, readCertificate, type TlsSettings } from './certificate.ts';

/** What became of a certificate that was new. A broken one is not taken, and the one before goes on being shown. */
export type CertificateNews =
  | { readonly kind: 'taken'; readonly expiresAtMs: number }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface FollowCertificateOptions {
  /** Gets what the next handshakes are to use. */
  readonly onContext: (context: SecureContextOptions) => void;
  readonly onNews: (news: CertificateNews) => void;
  readonly everyMs?: number;
}

/** A certificate whose files are looked at from time to time. */
export interface FollowedCertificate {
  /** What the first handshakes are to use. */
  readonly first: SecureContextOptions;
  /** Until when the one that is used is valid, in milliseconds since 1970. */
  expiresAtMs(): number;
  /** Reads the files now, changed or not. */
  reload(): void;
  stop(): void;
}

/**
 * Takes over the files of a certificate when they change, and have then stayed as they are for one more look.
 * @throws Problem `invalid-config` when they cannot be used to begin with.
 */
export function followCertificate(
  settings: TlsSettings,
  { onContext, onNews, everyMs = 3000 }: FollowCertificateOptions,
): FollowedCertificate {
  let taken = markOf(settings);
  let before = taken;
  const { context, expiresAtMs: firstExpiresAtMs } = readCertificate(settings);
  let expiresAtMs = firstExpiresAtMs;
  const reload = (): void => {
    taken = markOf(settings);
    before = taken;
    const news = takeOver(settings, onContext);
    if (news.kind === 'taken') expiresAtMs = news.expiresAtMs;
    onNews(news);
  };
  const looking = setInterval(() => {
    const mark = markOf(settings);
    // Two files are seldom written at once: while they still change, they may not belong together.
    if (mark === before && mark !== taken) reload();
    else before = mark;
  }, everyMs);
  looking.unref();
  return { first: context, expiresAtMs: () => expiresAtMs, reload, stop: () => clearInterval(looking) };
}

function takeOver(settings: TlsSettings, onContext: FollowCertificateOptions['onContext']): CertificateNews {
  try {
    const { context, expiresAtMs } = readCertificate(settings);
    onContext(context);
    return { kind: 'taken', expiresAtMs };
  } catch (error) {
    if (error instanceof Problem) return { kind: 'refused', problem: error };
    throw error;
  }
}

/** A folder that cannot be looked into is as a file that is not there. */
function markOf(settings: TlsSettings): string {
  try {
    return filesMark(settings);
  } catch {
    return '';
  }
}
