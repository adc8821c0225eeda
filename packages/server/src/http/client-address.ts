import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from './address-group.ts';
import type { IsTrusted } from './trusted-proxies.ts';

/** The header in which proxies say for whom they ask. */
export type ForwardedHeader = 'x-forwarded-for' | 'forwarded';

export interface ClientAddressOptions {
  readonly isTrusted: IsTrusted;
  readonly header: ForwardedHeader;
}

/**
 * Who asks: the other end of the connection, unless that is a trusted proxy; then the last address in its header that is
 * none. What a header says that cannot be read is not believed, and the other end of the connection counts.
 */
export function clientAddress(
  peer: string | undefined,
  headers: IncomingHttpHeaders,
  { isTrusted, header }: ClientAddressOptions,
): string {
  const nearest = plainAddress(peer ?? '');
  if (isIP(nearest) === 0 || !isTrusted(nearest)) return nearest;
  const value = headers[header];
  const text = typeof value === 'string' ? value : value?.join(',');
  const hops = text === undefined ? [] : header === 'forwarded' ? forwardedFor(text) : text.split(',');
  let furthest = nearest;
  for (const hop of hops.reverse()) {
    const address = hopAddress(hop.trim());
    if (address === undefined) return nearest;
    if (!isTrusted(address)) return address;
    furthest = address;
  }
  return furthest;
}

/** The `for` of each element; that of an element without one, or that cannot be read, is empty. Source: RFC 7239. */
function forwardedFor(text: string): string[] {
  return parted(text, ',').map((element) => {
    const wanted = parted(element, ';').flatMap((pair) => {
      const [whole, quoted, bare] = /^\s*for=(?:"([^"]*)"|([^\s"]+))\s*$/i.exec(pair) ?? [];
      return whole === undefined ? [] : [quoted ?? bare ?? ''];
    });
    return wanted.length === 1 ? (wanted[0] ?? '') : '';
  });
}

/** The parts of a text between separators that stand in no quotes; a quote that never ends is a part of its own. */
function parted(text: string, separator: ',' | ';'): string[] {
  const part = separator === ',' ? /(?:"[^"\\]*"|[^,"])+|"/g : /(?:"[^"\\]*"|[^;"])+|"/g;
  return text.match(part) ?? [];
}

/** An address as proxies write it: with or without a port, IPv6 with or without brackets. */
function hopAddress(text: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::\d{1,5})?$/i.exec(text) ?? [];
  if (bracketed !== undefined) return isIPv6(bracketed) ? plainAddress(bracketed) : undefined;
  if (dotted !== undefined) return isIPv4(dotted) ? dotted : undefined;
  return isIPv6(text) ? plainAddress(text) : undefined;
}
