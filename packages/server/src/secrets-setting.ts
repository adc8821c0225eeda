import { z } from 'zod';
import { hostAndPort } from './host-and-port.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'up to 100 characters of A-Z, a-z, 0-9 and . _ -');

const host = z
  .string()
  .max(300)
  .refine((text) => hostAndPort(text) !== undefined, 'a host as it stands in a URL, or HOST:PORT');

const secret = z.strictObject({
  /** Read each time that the secret is needed, so that it can be replaced at any time. */
  file: z.string().min(1),
  /** It is sent nowhere else. */
  hosts: z.array(host).min(1).max(100),
});

/** What is secret, by the name under which objects speak of it. */
export const secretsSetting = z.record(name, secret);

export type Secrets = z.output<typeof secretsSetting>;
