import { z } from 'zod';
import { readAddress } from './address.ts';

const examples = 'HOST:PORT, such as 127.0.0.1:8080 or [::1]:0';

/** A setting that says where to listen. */
export const address = z.string().transform((text, context) => {
  const read = readAddress(text);
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: `an address is ${examples}` });
  return z.NEVER;
});

const off = z.union([z.literal('off'), z.literal(false).transform(() => 'off' as const)]);

/** The same, where there may be nothing that listens. */
export const addressOrOff = z.union([off, address], `off, or an address: ${examples}`);
