import type { SignalBody } from '../kinds/signal.ts';
import { NotKnown } from '../not-known.ts';
import type { Outside } from '../signal.ts';

/** The headers that let us in where a signal is read. @throws NotKnown. */
export function accessHeaders(
  { access, url }: Pick<SignalBody, 'access' | 'url'>,
  outside: Pick<Outside, 'secret'>,
): Readonly<Record<string, string>> {
  if (access === undefined) return {};
  const { host, protocol } = new URL(url);
  const secret = outside.secret(access.secret, protocol === 'http:' && !/:\d+$/.test(host) ? `${host}:80` : host);
  if (access.as === 'basic') {
    return { authorization: `Basic ${Buffer.from(`${access.user}:${secret}`).toString('base64')}` };
  }
  // What does not fit into a header would be told in full by those that refuse it.
  if (!/^[\x20-\x7e]+$/.test(secret)) throw new NotKnown(`the secret ${access.secret} does not fit into a header`);
  return access.as === 'bearer' ? { authorization: `Bearer ${secret}` } : { [access.header.toLowerCase()]: secret };
}
