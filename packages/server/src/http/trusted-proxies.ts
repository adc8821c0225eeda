import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { plainAddress } from './address-group.ts';

const network = z.string().refine((text) => readNetwork(text) !== undefined, {
  message: 'is no address and no network such as 10.0.0.0/8 or 2001:db8::/32',
});

/** The addresses and networks whose word about clients is believed. */
export const trustedProxiesSetting = z.array(network);

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function readNetwork(text: string): Network | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (version === 0 || address.includes('%') || bits > most) return undefined;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Answers whether an address is that of a trusted proxy. */
export type IsTrusted = (address: string) => boolean;

/** Makes the question of networks that the setting has let pass. */
export function trustOf(networks: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const text of networks) {
    const read = readNetwork(text);
    if (read !== undefined) list.addSubnet(read.address, read.bits, read.family);
  }
  return (address) => {
    const plain = plainAddress(address);
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
