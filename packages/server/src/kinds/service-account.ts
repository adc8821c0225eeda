import type { Kind } from '../kind.ts';
import { type AccountBody, accountBody } from './account-body.ts';

/** A machine that has tokens. It can be allowed to do things, and can sign nothing off. */
export const serviceAccount: Kind<'service-account', AccountBody> = {
  name: 'service-account',
  summary: 'a machine that has tokens, and the roles that it holds',
  schema: accountBody,
  namePattern: /^[a-z0-9-]{1,60}$/,
  nameRule: 'a service account is called by up to 60 small letters, digits and hyphens',
  salted: false,
  served: false,
  reachOf: () => [{}],
};
