import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type HostAndPort, hostAndPort } from '../host-and-port.ts';

/** What a configuration allows to be asked: a name, or addresses whatever name leads to them; on one port, or on all. */
export type Exemption =
  | { readonly kind: 'name'; readonly name: string; readonly port: number | undefined }
  | { readonly kind: 'network'; readonly network: Network; readonly port: number | undefined };

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Reads `prometheus.internal`, `prometheus.internal:9090`, `10.0.0.5`, `10.0.0.5:9090`, `[::1]:9090` or `10.0.0.0/8`. */
export function readExemption(text: string): Exemption | undefined {
  if (text.includes('/')) {
    const [address = '', bits = ''] = text.split('/');
    // The library reads 10.1 as 10.0.0.1 too, which nobody means who writes it here.
    const isNetwork = isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && ipaddr.isValidCIDR(text);
    return isNetwork ? { kind: 'network', network: ipaddr.parseCIDR(text), port: undefined } : undefined;
  }
  const read = isIP(text) === 6 ? hostAndPort(`[${text}]`) : hostAndPort(text);
  if (read === undefined) return undefined;
  const address = addressOf(read.host);
  if (address === undefined) return { kind: 'name', name: read.host, port: read.port };
  const parsed = ipaddr.parse(address);
  return { kind: 'network', network: [parsed, parsed.kind() === 'ipv4' ? 32 : 128], port: read.port };
}

/** The address that a host of a URL is, without brackets; `undefined` for a name. */
export function addressOf(host: string): string | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return isIP(bare) === 0 ? undefined : bare;
}

/** Whether an exemption is for what is asked: by its name, or by the address that the name leads to. */
export function isExempt(exemption: Exemption, { host, port }: Required<HostAndPort>, address: string): boolean {
  if (exemption.port !== undefined && exemption.port !== port) return false;
  if (exemption.kind === 'name') return exemption.name === host;
  const parsed = ipaddr.parse(address);
  return parsed.kind() === exemption.network[0].kind() && parsed.match(exemption.network);
}
