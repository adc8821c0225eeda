import { z } from 'zod';

/** The tables of a Balrog export, as far as we read them. Keys that are not listed are let through and told of. */
const text = z.string().nullish();
const flag = z.union([z.boolean(), z.literal([0, 1]).transform(Boolean)], 'true, false, 1, 0 or null').nullish();

export const ruleRow = z.looseObject({
  rule_id: z.int().min(0),
  alias: text,
  priority: z.int().min(0),
  mapping: text,
  fallbackMapping: text,
  backgroundRate: z.int().min(0).max(100),
  update_type: z.enum(['minor', 'major']),
  product: text,
  version: text,
  channel: text,
  buildTarget: text,
  buildID: text,
  locale: text,
  osVersion: text,
  memory: z.union([z.string(), z.int().transform(String)], 'a text, a whole number or null').nullish(),
  instructionSet: text,
  jaws: flag,
  mig64: flag,
  distribution: text,
  distVersion: text,
  headerArchitecture: text,
  comment: text,
  data_version: z.unknown().optional(),
});

export const releaseRow = z.looseObject({
  name: z.string().min(1),
  product: z.string().min(1),
  data: z.unknown().optional(),
  blob: z.unknown().optional(),
  data_version: z.unknown().optional(),
  read_only: z.unknown().optional(),
});

export const pinRow = z.looseObject({
  product: z.string().min(1),
  channel: z.string().min(1),
  version: z.string().min(1),
  mapping: z.string().min(1),
  data_version: z.unknown().optional(),
});

export const stopRow = z.looseObject({
  product: z.string().min(1),
  channel: z.string().min(1),
  comment: text,
  data_version: z.unknown().optional(),
});

const names = z.array(z.string());
const productsOfHost = z.union([names, z.record(z.string(), names)], 'a list of products, or such lists by path');
export const configRow = z.looseObject({
  allowlisted_domains: z.record(z.string(), productsOfHost).optional(),
  special_force_hosts: names.nullish(),
  content_signature_products: names.nullish(),
});

export const bundle = z.looseObject({
  rules: z.array(z.unknown()).optional(),
  releases: z.array(z.unknown()).optional(),
  pinnable_releases: z.array(z.unknown()).optional(),
  emergency_shutoffs: z.array(z.unknown()).optional(),
  config: configRow.optional(),
});

export type RuleRow = z.output<typeof ruleRow>;
export type ReleaseRow = z.output<typeof releaseRow>;
export type PinRow = z.output<typeof pinRow>;
export type StopRow = z.output<typeof stopRow>;
export type ConfigRow = z.output<typeof configRow>;
