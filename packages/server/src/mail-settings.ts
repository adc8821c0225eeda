import { z } from 'zod';
import { isLoopbackHost } from './http/loopback-host.ts';

const ports = { starttls: 587, tls: 465, off: 25 } as const;

/** How e-mail is handed over. */
export const mailSettings = z
  .strictObject({
    host: z.string().min(1).max(253).describe('The mail server that notices by e-mail are handed to.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe('Its port; without it 587, or 465 where tls is tls, or 25 where it is off.'),
    tls: z
      .enum(['starttls', 'tls', 'off'])
      .default('starttls')
      .describe('How the way there is secured; a server that does not offer it gets nothing.'),
    caFile: z.string().min(1).optional().describe('A file with the certificates that are trusted there, as PEM.'),
    user: z.string().min(1).max(320).optional().describe('Who signs in there; without it nobody does.'),
    passwordFile: z.string().min(1).optional().describe('A file with the password, read each time that it is needed.'),
    from: z.email().max(254).describe('The address that notices come from.'),
    replyTo: z.email().max(254).optional().describe('Where answers to them go.'),
    listId: z
      .string()
      .max(200)
      .regex(
        /^(?=.*\.)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
        'letters, digits, dots and hyphens, one dot at least',
      )
      .optional()
      .describe('What the List-Id of notices is; without it sluice. and what comes after the @ of the address.'),
    personalLinks: z
      .boolean()
      .default(true)
      .describe(
        'Whether e-mail to a user holds a link with which they stop or sign off a change without signing in, once.',
      ),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(60)
      .default(15)
      .describe('How long the server may be silent before it is tried again later.'),
  })
  .refine(({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined), {
    path: ['passwordFile'],
    message: 'user and passwordFile stand together',
  })
  .refine(({ user, tls, host }) => user === undefined || tls !== 'off' || isLoopbackHost(host), {
    path: ['tls'],
    message: 'a password travels in clear to this machine only',
  })
  .transform(({ port, ...settings }) => ({ ...settings, port: port ?? ports[settings.tls] }));

export type MailSettings = z.output<typeof mailSettings>;
