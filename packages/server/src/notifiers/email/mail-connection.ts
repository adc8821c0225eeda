import { readFileSync } from 'node:fs';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { briefText } from '../../brief-text.ts';
import type { MailSettings } from '../../mail-settings.ts';

/** What became of one e-mail. */
export type Handed =
  | { readonly kind: 'taken' }
  /** For good, for this recipient. */
  | { readonly kind: 'refused'; readonly why: string }
  /** `ofServer` where it is no matter of the recipient. */
  | { readonly kind: 'later'; readonly why: string; readonly ofServer: boolean };

/** One session with a mail server, begun with the first e-mail. Never throws for what the server does. */
export interface MailConnection {
  send(to: string, raw: Buffer): Promise<Handed>;
  close(): void;
}

export interface MailLimits {
  /** How long all of it may take, however alive the server seems. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** Hands e-mails over, one after the other. Source: RFC 5321; RFC 3207 for STARTTLS. */
export function openMailConnection(settings: MailSettings, { withinMs, signal }: MailLimits): MailConnection {
  let session: SMTPConnection | undefined;
  /** Why nothing more can be handed over. */
  let broken: string | undefined;
  let giveUp: (why: string) => void = () => {};
  const stop = (why: string): void => {
    broken ??= why;
    giveUp(broken);
    session?.close();
  };
  const timer = setTimeout(() => stop(`the mail server took longer than ${withinMs / 1000} seconds`), withinMs);
  const onAbort = (): void => stop('the server was stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  /** Does one step, unless the session breaks off first. */
  const step = (begin: (done: (error?: SmtpError | null) => void) => void): Promise<SmtpError | undefined> =>
    new Promise((resolve, reject) => {
      giveUp = (why) => reject(new Error(why));
      begin((error) => resolve(error ?? undefined));
    });

  async function begin(): Promise<SMTPConnection> {
    const made = new SMTPConnection(optionsOf(settings));
    session = made;
    made.on('error', (error: SmtpError) => stop(whyOf(error)));
    // What it answered last comes after it.
    made.on('end', () => setImmediate(stop, 'the mail server ended the session'));
    const failed = (await step((done) => made.connect(done))) ?? (await signIn(made));
    if (failed !== undefined) throw new Error(whyOf(failed));
    return made;
  }

  async function signIn(made: SMTPConnection): Promise<SmtpError | undefined> {
    const { user, passwordFile } = settings;
    if (user === undefined || passwordFile === undefined) return undefined;
    const pass = readSecret(passwordFile);
    return step((done) => made.login({ user, pass }, done));
  }

  return {
    async send(to, raw) {
      try {
        if (broken !== undefined) throw new Error(broken);
        const open = session ?? (await begin());
        const envelope = { from: settings.from, to: [to], size: raw.length };
        const error = await step((done) => open.send(envelope, raw, done));
        if (error === undefined) return { kind: 'taken' };
        if (!isAboutMessage(error)) throw new Error(whyOf(error));
        const unready = await step((done) => open.reset(done));
        if (unready !== undefined) stop(whyOf(unready));
        // A server that does not want the sender is set up wrong here, and can be set right.
        const isForGood = (error.responseCode ?? 0) >= 500 && error.command !== 'MAIL FROM';
        return isForGood
          ? { kind: 'refused', why: whyOf(error) }
          : { kind: 'later', why: whyOf(error), ofServer: error.command === 'MAIL FROM' };
      } catch (error) {
        stop(error instanceof Error ? error.message : String(error));
        return { kind: 'later', why: broken ?? '', ofServer: true };
      }
    },
    close() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (broken === undefined) session?.quit();
      session?.close();
    },
  };
}

interface SmtpError extends Error {
  readonly code?: string | undefined;
  readonly response?: string | false | undefined;
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

/** Whether a server has said something of one message and goes on. */
function isAboutMessage({ code, responseCode }: SmtpError): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== 421;
}

/** Without the words of the library, where the server has said something itself. */
function whyOf({ message, response, code, command }: SmtpError): string {
  if (typeof response === 'string') return `the mail server answered ${briefText(response, 200)}`;
  const place = command === undefined || command === 'API' ? '' : ` (${command})`;
  return `the mail server: ${briefText(message, 200)}${place}${code === undefined ? '' : ` ${code}`}`;
}

function optionsOf({
  host,
  port,
  tls,
  caFile,
  timeoutSeconds,
}: MailSettings): ConstructorParameters<typeof SMTPConnection>[0] {
  const ms = timeoutSeconds * 1000;
  return {
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    tls: { minVersion: 'TLSv1.2', ...(caFile !== undefined && { ca: readSecret(caFile) }) },
    connectionTimeout: ms,
    greetingTimeout: ms,
    socketTimeout: ms,
    dnsTimeout: ms,
    socketCloseTimeout: 1000,
    maxResponseSize: 65_536,
  };
}

/** Read each time, so that what is exchanged needs no new start. */
function readSecret(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
