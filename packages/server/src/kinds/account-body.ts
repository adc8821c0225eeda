import { z } from 'zod';
import { roleName } from './role-name.ts';

/** What is said of whoever signs in, a person or a machine. */
export const accountBody = z.strictObject({
  roles: z.array(roleName).max(100).default([]),
  disabled: z.boolean().default(false),
  comment: z.string().max(500).optional(),
});

export type AccountBody = z.output<typeof accountBody>;
