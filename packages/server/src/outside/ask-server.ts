import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestPlainly } from 'node:http';
import { request as requestInTls } from 'node:https';
import { isIP } from 'node:net';
import { NotKnown } from '../not-known.ts';
import type { OutsideAnswer, OutsideRequest } from '../signal.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { addressOf, type Exemption, isExempt } from './exemption.ts';
import { isPublicAddress } from './is-public-address.ts';
import type { LookUp } from './look-up.ts';
import { readBody } from './read-body.ts';
import { whyNoAnswer } from './why-no-answer.ts';

/** What stands between us and the servers that others name. */
export interface Guard {
  readonly exemptions: readonly Exemption[];
  /** Whether what is public may be asked without TLS. */
  readonly http: boolean;
  readonly ca: readonly string[] | undefined;
  readonly lookUp: LookUp;
}

/** Asks a server once, and connects to no address but those that were looked at. @throws NotKnown. */
export async function askServer(request: OutsideRequest, guard: Guard): Promise<OutsideAnswer> {
  const url = readUrl(request.url);
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const addresses = await unlessAborted(addressesOf(url, guard.lookUp), signal);
    for (const { address } of addresses) refuseUnlessAllowed(url, address, guard);
    const options = { signal, ca: guard.ca as string[] | undefined, lookup: only(addresses) };
    const reply = await unlessAborted(send(request, url, options), signal);
    return { status: reply.statusCode ?? 0, headers: headersOf(reply), ...(await readBody(reply, signal)) };
  } catch (error) {
    const why = whyNoAnswer(error, { timeoutMs: request.timeoutMs, signal });
    throw why === undefined ? error : new NotKnown(why, { cause: error });
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new NotKnown('the address is none');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw new NotKnown('only http and https are spoken');
  if (`${url.username}${url.password}` !== '') throw new NotKnown('the address holds a user or password');
  return url;
}

async function addressesOf({ hostname }: URL, lookUp: LookUp): Promise<readonly LookupAddress[]> {
  const address = addressOf(hostname);
  return address === undefined ? await lookUp(hostname) : [{ address, family: isIP(address) }];
}

/** Every one of the addresses must be allowed: a name that leads to two worlds is not to be trusted with either. */
function refuseUnlessAllowed(url: URL, address: string, { exemptions, http }: Guard): void {
  const asked = { host: url.hostname, port: portOf(url) };
  if (exemptions.some((exemption) => isExempt(exemption, asked, address))) return;
  if (!isPublicAddress(address))
    throw new NotKnown('the server is not of the public internet, and outside.allow does not name it');
  if (url.protocol === 'http:' && !http)
    throw new NotKnown('the server is to be asked without TLS, and outside.http does not allow that');
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** The addresses that were looked at, whatever the name may lead to meanwhile. */
function only(addresses: readonly LookupAddress[]): NonNullable<RequestOptions['lookup']> {
  return (_host, { all }, found) => {
    const [first] = addresses;
    if (all === true) found(null, [...addresses]);
    else found(null, first?.address ?? '', first?.family);
  };
}

function send(
  { method, headers, body }: OutsideRequest,
  url: URL,
  options: Pick<RequestOptions, 'signal' | 'lookup'> & { readonly ca: string[] | undefined },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = { 'user-agent': 'sluice', ...headers, 'accept-encoding': 'identity' };
    const { ca, ...rest } = options;
    // A connection of its own: one that is kept would lead to what was looked at some other time.
    const asked: RequestOptions = { ...rest, method, headers: sent, agent: false };
    const asking = url.protocol === 'https:' ? requestInTls(url, { ...asked, ca }) : requestPlainly(url, asked);
    // Node.js closes the connection of a server that switches to something else, and tells nobody.
    asking.on('upgrade', (_reply, socket) => {
      socket.destroy();
      reject(new NotKnown('the server switches to another protocol'));
    });
    asking.on('error', reject).on('response', resolve).end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
