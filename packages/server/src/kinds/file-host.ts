import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { text } from './fields.ts';

const products = z.array(text(100));

const pattern = z.string().refine((source) => {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}, 'not a regular expression');

const schema = z.strictObject({
  host: text(253).regex(/^[^/\s@?#]+$/, 'a host name, with a port where it has one'),
  products: products.optional(),
  paths: z.array(z.strictObject({ pattern, products })).optional(),
});

export type FileHostBody = z.output<typeof schema>;

/** A host that file URLs may name, for some products, or for some products below some paths. */
export const fileHost: Kind<'file-host', FileHostBody> = {
  name: 'file-host',
  summary: 'a host that file URLs may name, and for which products',
  schema,
  nameOf: ({ host }) => host,
  salted: false,
  served: true,
  reachOf: ({ products, paths }) => {
    const named = [...(products ?? []), ...(paths ?? []).flatMap((path) => path.products)];
    if (products === undefined && named.length === 0) return [{}];
    return [...new Set(named)].map((product) => ({ product }));
  },
};
