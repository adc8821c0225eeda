import { z } from 'zod';
import { digits, hashFunction, heading, plain } from './shared.ts';

export const desupport = z.strictObject({
  ...heading(50),
  detailsUrl: z.string(),
  displayVersion: z.string(),
});

const file = { filesize: digits.optional(), hashValue: plain.optional(), fileUrl: z.string().optional() };
const platform = z.strictObject({ alias: z.string().optional(), ...file });
const mirroredPlatform = platform.extend({ mirrorUrls: z.array(z.string()).optional() });

function addons<Platform extends z.ZodType>(schema: Platform) {
  return z.record(z.string(), z.strictObject({ version: z.string(), platforms: z.record(z.string(), schema) }));
}

export const gmp = z.strictObject({ ...heading(1000), hashFunction, vendors: addons(mirroredPlatform) });

export const superblob = z
  .strictObject({
    ...heading(4000),
    products: z.array(z.string()).optional(),
    blobs: z.array(z.string()).optional(),
  })
  .refine(({ products, blobs }) => (products === undefined) !== (blobs === undefined), 'either products or blobs');

export const systemAddons = z.strictObject({
  ...heading(5000),
  hashFunction,
  uninstall: z.boolean().optional(),
  addons: addons(platform).optional(),
});

export const guardian = z.strictObject({
  ...heading(10_000),
  version: z.string(),
  required: z.boolean(),
  hashFunction: hashFunction.optional(),
  platforms: z.record(z.string(), z.strictObject({ fileUrl: z.string(), hashValue: z.string().optional() })),
});
