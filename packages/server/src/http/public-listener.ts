import type { IncomingMessage, Server } from 'node:http';
import type { OpenFace } from '../face.ts';
import type { Problem } from '../problem.ts';
import type { Address } from './address.ts';
import { type AnswerRequest, answerRequest } from './answer-request.ts';
import type { TlsSettings } from './certificate.ts';
import { type ClientAddressOptions, clientAddress, type ForwardedHeader } from './client-address.ts';
import { drain } from './drain.ts';
import { type CertificateNews, followCertificate } from './follow-certificate.ts';
import { limitRate } from './limit-rate.ts';
import { type Limits, limitsSettings } from './limits.ts';
import { listen } from './listen.ts';
import { makeServer } from './make-server.ts';
import { OpenConnections } from './open-connections.ts';
import { type RefusalReason, Refusals, type RefusalsTold } from './refusals.ts';
import { dismiss, refuse } from './refuse.ts';
import { trustOf } from './trusted-proxies.ts';

/** Hears of every answer and of everyone who is sent away. */
export interface ListenerMeter {
  /** @param seconds from the request's coming in whole to its answer's going out. */
  answered(status: number, seconds: number): void;
  refused(reason: RefusalReason): void;
}

export interface ListenerOptions {
  readonly faces: readonly OpenFace[];
  /** Called with what no face expected, under the id that the client is told. */
  readonly onBug: (id: string, error: unknown) => void;
  /** Called with a problem of a face; the client is told its status and title. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  /** Called at most once a minute with who was sent away; without addresses unless `tellAddresses`. */
  readonly onRefusals?: ((told: RefusalsTold) => void) | undefined;
  readonly onCertificate?: ((news: CertificateNews) => void) | undefined;
  readonly meter?: ListenerMeter | undefined;
  /** Those of the settings' defaults unless given. */
  readonly limits?: Limits | undefined;
  readonly tls?: TlsSettings | undefined;
  /** Networks whose word about clients is believed; none unless given. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly forwardedHeader?: ForwardedHeader | undefined;
  readonly tellAddresses?: boolean | undefined;
}

/** A listener that is open. */
export interface OpenListener {
  readonly host: string;
  readonly port: number;
  /** How many connections are open. */
  connections(): number;
  /** Reads the files of the certificate now; they are also followed. What comes of it is told to `onCertificate`. */
  reloadCertificate(): void;
  /** Until when the certificate that is shown is valid, in milliseconds since 1970; `undefined` without TLS. */
  certificateExpiresAtMs(): number | undefined;
  /**
   * Takes no new connections, and makes each answer the last of its connection. Idle connections are closed after a
   * second, and what is left after `graceMs`.
   */
  close(graceMs: number): Promise<void>;
}

const tellRefusalsMs = 60_000;

/** Opens the listener that the world asks. @throws Problem `address-in-use`, or `invalid-config` for the certificate. */
export async function openPublicListener(address: Address, options: ListenerOptions): Promise<OpenListener> {
  const limits = options.limits ?? limitsSettings.parse({});
  const trust: ClientAddressOptions = {
    isTrusted: trustOf(options.trustedProxies ?? []),
    header: options.forwardedHeader ?? 'x-forwarded-for',
  };
  const certificate =
    options.tls &&
    followCertificate(options.tls, {
      onContext: (context) => made.setSecureContext(context),
      onNews: (news) => options.onCertificate?.(news),
    });
  const made = makeServer(limits, certificate?.first);
  const { server } = made;
  const refusals = new Refusals({
    onEach: options.meter && ((reason) => options.meter?.refused(reason)),
    onSome: options.onRefusals,
    withAddresses: options.tellAddresses === true,
  });
  const isSecure = certificate !== undefined;
  const connections = new OpenConnections(server, { limits, isTrusted: trust.isTrusted, refusals, isSecure });
  answerAll(server, { options, limits, trust, refusals });
  const looking = [
    setInterval(() => connections.cutUnread(performance.now()), Math.ceil(limits.answerTimeoutMs / 4)),
    setInterval(() => refusals.tell(), tellRefusalsMs),
  ];
  for (const timer of looking) timer.unref();
  const stopLooking = (): void => {
    certificate?.stop();
    for (const timer of looking) clearInterval(timer);
  };
  const bound = await listen(server, address).catch((error: unknown) => {
    stopLooking();
    throw error;
  });
  return {
    ...bound,
    connections: () => connections.size,
    reloadCertificate: () => certificate?.reload(),
    certificateExpiresAtMs: () => certificate?.expiresAtMs(),
    async close(graceMs) {
      await drain(server, connections, graceMs);
      stopLooking();
      refusals.tell();
    },
  };
}

interface Answering {
  readonly options: ListenerOptions;
  readonly limits: Limits;
  readonly trust: ClientAddressOptions;
  readonly refusals: Refusals;
}

function answerAll(server: Server, { options, limits, trust, refusals }: Answering): void {
  const addressOf = (request: IncomingMessage): string =>
    clientAddress(request.socket.remoteAddress, request.headers, trust);
  const onRefused = (reason: RefusalReason, request: IncomingMessage): void =>
    refusals.count(reason, () => addressOf(request));
  const rateReply = limitRate({ limits, addressOf, onLimited: (request) => onRefused('rate', request) });
  const { faces, onBug, onProblem, meter } = options;
  const answer = answerRequest({
    faces,
    limits,
    rateReply,
    onRefused,
    onBug,
    onProblem,
    onLate: (status, seconds) => meter?.answered(status, seconds),
    isClosing: () => !server.listening,
  });
  server.on('request', meter === undefined ? answer : measured(answer, meter));
  server.on('clientError', (error, socket) => {
    const reason = refuse(error, socket);
    if (reason !== undefined) refusals.count(reason, () => peerOf(socket));
  });
  server.on('connect', (_request, socket) => dismiss(socket, '405 Method Not Allowed', 'Allow: GET, HEAD\r\n'));
}

function measured(answer: AnswerRequest, meter: ListenerMeter): AnswerRequest {
  return (request, response) => {
    const begun = performance.now();
    const status = answer(request, response);
    if (status !== undefined) meter.answered(status, (performance.now() - begun) / 1000);
    return status;
  };
}

function peerOf(socket: object): string | undefined {
  return 'remoteAddress' in socket && typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined;
}
