import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { afterEach } from 'vitest';
import type { Asked, OpenFace, Reply } from '../face.ts';
import { type Limits, limitsSettings } from './limits.ts';
import { type ListenerOptions, type OpenListener, openPublicListener } from './public-listener.ts';
import type { RefusalReason } from './refusals.ts';

/** A connection of bytes. */
export interface Talk {
  readonly socket: Socket;
  /** What has come so far. */
  came(): string;
  /** All that came, once the connection is closed, however that happens. */
  readonly whole: Promise<string>;
}

export interface TalkOptions {
  /** Of the loopback, to come from. */
  readonly from?: string;
  /** Leaves its own side open when the server ends the connection. */
  readonly allowHalfOpen?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent | TlsAgent;
  /** The certificate to be trusted; asks inside TLS. */
  readonly ca?: string;
  readonly maxVersion?: SecureVersion;
}

const listeners: OpenListener[] = [];
const sockets: Socket[] = [];
const agents: Agent[] = [];
/** What was told since the test began. */
export const told = {
  asked: [] as string[],
  refused: [] as RefusalReason[],
  bugs: [] as unknown[],
};

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const agent of agents.splice(0)) agent.destroy();
  for (const listener of listeners.splice(0)) await listener.close(0);
  for (const list of Object.values(told)) list.length = 0;
});

const headers = ['Content-Type', 'text/plain'];
const answers: Readonly<Record<string, Reply>> = {
  '/hello': { status: 200, headers, body: 'hello', lasting: true },
  '/long': { status: 200, headers, body: 'x'.repeat(100_000), lasting: true },
  '/__lbheartbeat__': { status: 200, headers, body: '' },
};

function answer({ url }: Asked): Reply | undefined {
  told.asked.push(url);
  return /^\/\d+$/.test(url) ? { status: 200, headers, body: url } : answers[url.split('?')[0] ?? ''];
}

/** Answers `/hello`, `/long`, the heartbeat, and any number with itself. */
const face: OpenFace = { answer, explain: () => undefined };

/** Opens a listener on a free port that is closed after the test. */
export async function openListener(
  limits: Partial<Limits> = {},
  options: Partial<ListenerOptions> = {},
): Promise<OpenListener> {
  const listener = await openPublicListener(
    { host: '127.0.0.1', port: 0 },
    {
      faces: [face],
      onBug: (_, error) => void told.bugs.push(error),
      limits: limitsSettings.parse(limits),
      meter: { answered: () => {}, refused: (reason) => void told.refused.push(reason) },
      ...options,
    },
  );
  listeners.push(listener);
  return listener;
}

/** Opens a connection and sends these bytes. */
export async function talk(
  { port }: OpenListener,
  sent: string,
  { from = '127.0.0.1', allowHalfOpen = false }: TalkOptions = {},
): Promise<Talk> {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from, allowHalfOpen });
  sockets.push(socket);
  let came = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    came += data;
  });
  const whole = new Promise<string>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve(came));
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  if (sent !== '') socket.write(sent, 'latin1');
  return { socket, came: () => came, whole };
}

/** An agent that goes with the test. */
export function keepAliveAgent(maxSockets = Number.POSITIVE_INFINITY): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets });
  agents.push(agent);
  return agent;
}

/** Asks as a right client does. */
export function ask({ port }: Pick<OpenListener, 'port'>, path: string, options: AskOptions = {}): Promise<Answer> {
  const { ca, agent, ...rest } = options;
  const asked = { host: '127.0.0.1', port, path, agent: agent ?? false, timeout: 20_000, ...rest };
  return new Promise((resolve, reject) => {
    const asking = ca === undefined ? request(asked) : tlsRequest({ ...asked, ca, servername: 'localhost' });
    asking.on('response', (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
    });
    asking.on('timeout', () => asking.destroy(new Error(`no answer to ${path}`)));
    asking.on('error', reject).end();
  });
}

/** The request of a right client, as bytes. */
export function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

/** The statuses in what a server sent. */
export function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Waits until something has come true. @throws when it has not after ten seconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries === 1000) throw new Error(`not true after ten seconds: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
