import type { ImportedObject } from '../../importer.ts';
import { Problem } from '../../problem.ts';
import { parseJson } from '../json.ts';
import type { ConfigRow, PinRow, ReleaseRow, RuleRow, StopRow } from './rows.ts';

const ruleFieldNames = {
  release: 'mapping',
  fallback: 'fallbackMapping',
  share: 'backgroundRate',
  updateType: 'update_type',
  platform: 'buildTarget',
  buildId: 'buildID',
  distributionVersion: 'distVersion',
  architecture: 'headerArchitecture',
};

export function toRule(row: RuleRow, at: string): ImportedObject {
  const body = {
    alias: given(row.alias),
    priority: row.priority,
    release: given(row.mapping),
    fallback: given(row.fallbackMapping),
    share: { kind: 'percent', percent: row.backgroundRate },
    updateType: row.update_type,
    product: given(row.product),
    version: given(row.version),
    channel: given(row.channel),
    platform: given(row.buildTarget),
    buildId: given(row.buildID),
    locale: given(row.locale),
    osVersion: given(row.osVersion),
    memory: given(row.memory),
    instructionSet: given(row.instructionSet),
    jaws: row.jaws ?? undefined,
    mig64: row.mig64 ?? undefined,
    distribution: given(row.distribution),
    distributionVersion: given(row.distVersion),
    architecture: given(row.headerArchitecture),
    comment: given(row.comment),
  };
  return { kind: 'rule', name: String(row.rule_id), body: withoutAbsent(body), at, fieldNames: ruleFieldNames };
}

/** Balrog's tables say that a column is not set by null, and older ones by an empty text. */
function given(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}

function withoutAbsent(body: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

export function toRelease(row: ReleaseRow, at: string, prefix = ''): ImportedObject {
  const key = row.data === undefined && row.blob !== undefined ? 'blob' : 'data';
  const stored = row[key];
  // Database dumps hold the blob as a text.
  const blob = typeof stored === 'string' ? parseBlob(stored, `${at}.${prefix}${key}`) : stored;
  return {
    kind: 'release',
    name: row.name,
    body: { product: row.product, blob },
    at,
    fieldNames: { blob: key },
  };
}

function parseBlob(source: string, at: string): unknown {
  try {
    return parseJson(source);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const mistakes = error.mistakes.map((mistake) => ({ at: `${at} ${mistake.at}`, message: mistake.message }));
    throw new Problem('invalid-import', `${at} is not JSON`, mistakes);
  }
}

export function toPin({ product, channel, version, mapping }: PinRow, at: string): ImportedObject {
  const body = { product, channel, version, release: mapping };
  return { kind: 'pin', body, at, fieldNames: { release: 'mapping' } };
}

export function toStop({ product, channel, comment }: StopRow, at: string): ImportedObject {
  const body = withoutAbsent({ product, channel, comment: given(comment) });
  return { kind: 'emergency-stop', body, at };
}

type Domains = NonNullable<ConfigRow['allowlisted_domains']>;

export function toFileHosts(domains: Domains): readonly ImportedObject[] {
  return Object.entries(domains).map(([host, allowed]) => ({
    kind: 'file-host' as const,
    body: Array.isArray(allowed)
      ? { host, products: allowed }
      : { host, paths: Object.entries(allowed).map(([pattern, products]) => ({ pattern, products })) },
    at: `config.allowlisted_domains[${JSON.stringify(host)}]`,
  }));
}

export function toSettings(row: ConfigRow): ImportedObject {
  const body = {
    forceUrlPrefixes: row.special_force_hosts ?? [],
    signedProducts: row.content_signature_products ?? [],
  };
  const fieldNames = { forceUrlPrefixes: 'special_force_hosts', signedProducts: 'content_signature_products' };
  return { kind: 'settings', body, at: 'config', fieldNames };
}
