import type { Kind } from '../kind.ts';
import { type AccountBody, accountBody } from './account-body.ts';

/** A person who may sign in, under the address that the identity provider knows them by. */
export const user: Kind<'user', AccountBody> = {
  name: 'user',
  summary: 'a person who may sign in, and the roles that they hold',
  schema: accountBody,
  namePattern: /^(?=[^@]+@[^@]+$)[^\s\p{Cc}\p{Lu}]{3,200}$/u,
  nameRule: 'a user is called by an e-mail address in small letters, 200 characters at most',
  salted: false,
  served: false,
  reachOf: () => [{}],
};
