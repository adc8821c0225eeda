import { z } from 'zod';
import { type Kind, kindNames } from '../kind.ts';
import { actions } from '../permission.ts';
import { reachAt } from '../reach.ts';
import { text } from './fields.ts';
import { roleName } from './role-name.ts';

/** Each has to be looked at whenever it is asked who may do what. */
const mostPlaces = 1000;

const schema = z
  .strictObject({
    role: roleName.optional(),
    user: text(200).optional(),
    serviceAccount: text(60).optional(),
    actions: z.array(z.enum(actions)).min(1),
    kinds: z.array(z.enum(kindNames)).min(1).optional(),
    products: z.array(text(100)).min(1).max(1000).optional(),
    channels: z.array(text(75)).min(1).max(1000).optional(),
    comment: z.string().max(500).optional(),
  })
  .refine(
    ({ role, user, serviceAccount }) => [role, user, serviceAccount].filter((to) => to !== undefined).length === 1,
    'exactly one of role, user and serviceAccount',
  )
  .refine(({ products = [''], channels = [''] }) => products.length * channels.length <= mostPlaces, {
    error: `${mostPlaces} places at most: products times channels`,
    path: ['products'],
  });

export type GrantBody = z.output<typeof schema>;

/** Allows a role, a person or a machine to do something, for some kinds, products and channels. */
export const grant: Kind<'grant', GrantBody> = {
  name: 'grant',
  summary: 'what a role, a user or a service account may do, and where',
  schema,
  salted: false,
  served: false,
  reachOf: ({ products = [undefined], channels = [undefined] }) =>
    products.flatMap((product) => channels.map((channel) => reachAt(product, channel))),
};
