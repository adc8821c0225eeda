import { z } from 'zod';

/** What a role is called. */
export const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a role is up to 40 small letters, digits and hyphens, beginning with a letter');
