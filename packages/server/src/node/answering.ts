import type { Logger } from 'pino';
import type { Assembled } from '../app/assemble-snapshot.ts';
import { drawTicket } from '../app/draw-ticket.ts';
import type { Config } from '../config.ts';
import type { Tally } from '../counting/tally.ts';
import type { App, Face, SoftwareVersion } from '../face.ts';
import type { CertificateNews } from '../http/follow-certificate.ts';
import { type OpenListener, openPublicListener } from '../http/public-listener.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Problem } from '../problem.ts';
import type { RequestSample } from '../sample/request-sample.ts';
import type { Checks } from './messages.ts';

/** What a process answers clients with. */
export interface AnsweringParts {
  readonly config: Config;
  readonly faces: readonly Face[];
  readonly version: SoftwareVersion;
  readonly log: Logger;
  readonly meter: Meter;
  readonly tally: Tally;
  /** Keeps lines for previews; absent where none are kept. */
  readonly sample: RequestSample | undefined;
  readonly nowMs: () => number;
  /** The newest of what is served. */
  readonly assembled: () => Assembled;
  readonly checks: () => Checks;
  /** Called when a release could not be read. */
  readonly onDamaged: () => void;
}

/** Opens the public listener with its faces. @throws Problem `address-in-use`, `invalid-config`. */
export function openAnswering(parts: AnsweringParts): Promise<OpenListener> {
  const { config, faces, version, log, meter, tally, sample, nowMs, assembled, checks, onDamaged } = parts;
  const app: App = {
    snapshot: () => assembled().snapshot,
    readRelease: (name, part) => assembled().readRelease(name, part),
    nowMs,
    draw: drawTicket,
    checks,
    version,
    meter,
    tally,
    offerLine: sample && ((line, atMs) => sample.offer(line, atMs)),
  };
  const tellOfProblem = seldom((err: Problem, untold) => log.error({ err, untold }, 'a request could not be answered'));
  return openPublicListener(config.public, {
    faces: faces.map((face) => face.open(app, config.faces[face.name])),
    meter,
    limits: config.limits,
    tls: config.tls,
    trustedProxies: config.trustedProxies,
    forwardedHeader: config.forwardedHeader,
    tellAddresses: config.log.addresses,
    onBug: (id, err) => {
      meter.unanswered('bug');
      log.error({ id, err }, 'a bug: a request could not be answered');
    },
    onProblem: (problem) => {
      if (problem.code === 'snapshot-damaged' && !isShortage(problem.cause)) onDamaged();
      meter.unanswered(problem.code);
      tellOfProblem(problem);
    },
    onRefusals: (refused) => log.warn(refused, 'clients were sent away'),
    onCertificate: (news) => tellOfCertificate(log, news),
  });
}

/** Whether it was the system that had nothing to spare: fetching everything anew would only need more of it. */
function isShortage(cause: unknown): boolean {
  return ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** How often at most the log is told of requests that could not be answered, in milliseconds. */
const tellEveryMs = 10_000;

/** Tells what happens often only now and then, with how often it was not told. */
function seldom<T>(tell: (what: T, untold: number) => void): (what: T) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (what) => {
    if (performance.now() - toldAtMs < tellEveryMs) {
      untold += 1;
      return;
    }
    toldAtMs = performance.now();
    tell(what, untold);
    untold = 0;
  };
}

function tellOfCertificate(log: Logger, news: CertificateNews): void {
  if (news.kind === 'taken') log.info({ expires: new Date(news.expiresAtMs) }, 'a new certificate is used');
  else log.error({ err: news.problem }, 'the new certificate cannot be used; the one before goes on being used');
}
