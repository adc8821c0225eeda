import { z } from 'zod';
import { tokenSetting } from './token-setting.ts';

const nodeUrl = z.string().refine(isNodeUrl, 'an address such as https://node.example.org:8081, without user or query');

/** The settings of edges and of the nodes that they follow. */
export const edgeSettings = z.strictObject({
  tokens: z
    .array(tokenSetting)
    .max(1000)
    .default([])
    .describe('The edge tokens of this node: each edge that follows it sends one. Without any none can.'),
  signingKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A PEM file with the Ed25519 key that signs snapshots for edges; by default one is made in the data folder.',
    ),
  from: nodeUrl.optional().describe('The admin listener of the node that `sluice edge` follows.'),
  token: tokenSetting.optional().describe('The edge token that `sluice edge` sends.'),
  publicKey: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      'The public key of the followed node, as its /edge/v1/key shows it; by default the first that is shown is kept.',
    ),
  everyMs: z
    .int()
    .min(10)
    .max(60_000)
    .default(1000)
    .describe('How often `sluice edge` asks its node for changes; it is also told of them.'),
});

function isNodeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}
