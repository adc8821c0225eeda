import { z } from 'zod';
import { roleName } from '../../kinds/role-name.ts';

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

const username = z.string().min(1).max(100);

/** A role by one of these names would hand out what it allows here. */
const fixed = ['admin', 'agent', 'viewer'];
const role = roleName.refine(
  (name) => !fixed.includes(name),
  'what this role may do is fixed here: give it another name',
);

/** Dumps of a database hold the options as a text. */
const options = z.preprocess(
  readOptions,
  z.looseObject({ products: names.nullish(), actions: names.nullish() }, 'a mapping, as JSON, or null').nullish(),
);

export const permissionRow = z.looseObject({
  permission: z.string().min(1),
  username,
  options,
  data_version: z.unknown().optional(),
});

export const roleRow = z.looseObject({ username, role, data_version: z.unknown().optional() });

const signOffCount = z.int().min(1);

export const productSignOffRow = z.looseObject({
  product: z.string().min(1),
  channel: z.string().min(1),
  role,
  signoffs_required: signOffCount,
  data_version: z.unknown().optional(),
});

export const permissionSignOffRow = z.looseObject({
  product: z.string().min(1),
  role,
  signoffs_required: signOffCount,
  data_version: z.unknown().optional(),
});

/** A change that waits; the columns of the row that it would make stand beside, as `base_…`. */
export const scheduledRow = z.looseObject({
  sc_id: z.int().min(0),
  scheduled_by: username,
  complete: flag,
  change_type: z.enum(['insert', 'update', 'delete']),
  data_version: z.unknown().optional(),
});

/** Milliseconds since 1970, up to the year 9999. */
const when = z.int().min(0).max(253_402_300_799_999);

export const conditionRow = z.looseObject({
  sc_id: z.int().min(0),
  when: when.nullish(),
  telemetry_product: z.unknown().optional(),
  telemetry_channel: z.unknown().optional(),
  telemetry_uptake: z.unknown().optional(),
  data_version: z.unknown().optional(),
});

export const signOffRow = z.looseObject({
  sc_id: z.int().min(0),
  username,
  role,
  data_version: z.unknown().optional(),
});

function readOptions(stored: unknown): unknown {
  if (typeof stored !== 'string') return stored;
  try {
    return stored === '' ? null : JSON.parse(stored);
  } catch {
    return stored;
  }
}

const table = z.array(z.unknown()).optional();

/** What is there now. */
export const standingTables = z.looseObject({
  rules: table,
  releases: table,
  pinnable_releases: table,
  emergency_shutoffs: table,
  config: configRow.optional(),
  permissions: table,
  user_roles: table,
  product_req_signoffs: table,
  permissions_req_signoffs: table,
});

/** The tables for whose rows changes can wait. */
export const scheduledTables = [
  'rules',
  'releases',
  'pinnable_releases',
  'emergency_shutoffs',
  'product_req_signoffs',
  'permissions_req_signoffs',
  'permissions',
] as const;

export type ScheduledTable = (typeof scheduledTables)[number];

type Waiting = `${ScheduledTable}_scheduled_changes${'' | '_conditions' | '_signoffs'}`;

const waitingTables = Object.fromEntries(
  scheduledTables
    .map((name) => `${name}_scheduled_changes`)
    .flatMap((name) => [name, `${name}_conditions`, `${name}_signoffs`].map((key) => [key, table])),
) as Record<Waiting, typeof table>;

export const bundle = standingTables.extend(waitingTables);

export type Bundle = z.output<typeof bundle>;
export type RuleRow = z.output<typeof ruleRow>;
export type ReleaseRow = z.output<typeof releaseRow>;
export type PinRow = z.output<typeof pinRow>;
export type StopRow = z.output<typeof stopRow>;
export type ConfigRow = z.output<typeof configRow>;
export type PermissionRow = z.output<typeof permissionRow>;
export type RoleRow = z.output<typeof roleRow>;
export type ProductSignOffRow = z.output<typeof productSignOffRow>;
export type PermissionSignOffRow = z.output<typeof permissionSignOffRow>;
export type ScheduledRow = z.output<typeof scheduledRow>;
