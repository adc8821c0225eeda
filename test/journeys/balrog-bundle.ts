import { XMLParser } from 'fast-xml-parser';
import type { Answer } from './sluice-process.ts';

/** A row of Balrog's table of rules. */
export type RuleRow = Readonly<Record<string, unknown>> & { readonly rule_id: number };

/** What Balrog exports, as far as the journeys write it. */
export interface Bundle {
  readonly releases: readonly unknown[];
  readonly rules: readonly RuleRow[];
  readonly config?: unknown;
}

export const fileHost = 'download.example.org';
export const config = {
  allowlisted_domains: { [fileHost]: ['MyApp', 'OtherApp'] },
  special_force_hosts: [],
  content_signature_products: [],
};

/** A rule of MyApp that gives everybody who matches the release called after a version. */
export function ruleRow(
  rule_id: number,
  release: string | null,
  rest: Readonly<Record<string, unknown>> = {},
): RuleRow {
  const open = { product: 'MyApp', priority: 100, backgroundRate: 100, update_type: 'minor', data_version: 1 };
  return { rule_id, mapping: release, ...open, ...rest };
}

/** Builds are numbered in the order of their versions. */
function buildIdOf(version: string): string {
  return `20261110${version.replaceAll('.', '').padStart(6, '0')}`;
}

/** A release of one file for one platform, in schema 2. */
export function releaseRow(product: string, version: string): unknown {
  const name = `${product}-${version}`;
  const complete = { filesize: 9_000_000, from: '*', hashValue: 'b5'.repeat(64) };
  const build = { buildID: buildIdOf(version), OS_FTP: 'any', OS_BOUNCER: 'any' };
  const url = `https://${fileHost}/${product}/${version}/%LOCALE%/%FILENAME%`;
  const data = {
    name,
    schema_version: 2,
    hashFunction: 'sha512',
    appVersion: version,
    displayVersion: version,
    platformVersion: version,
    detailsUrl: `https://www.example.org/%LOCALE%/${version}/`,
    fileUrls: Object.fromEntries(['betatest', 'releasetest', 'beta', 'release'].map((channel) => [channel, url])),
    ftpFilenames: { complete: `${version}.complete.mar` },
    platforms: { 'Linux_x86_64-gcc3': { ...build, locales: { 'en-US': { complete } } } },
  };
  return { name, product, data_version: 1, data };
}

export interface Check {
  readonly product?: string;
  readonly version: string;
  readonly channel?: string;
  readonly forced?: boolean;
}

/** The address under which a client asks for updates. */
export function updatePath({ product = 'MyApp', version, channel = 'release', forced = false }: Check): string {
  const path = `/update/3/${product}/${version}/${buildIdOf(version)}/Linux_x86_64-gcc3/en-US/${channel}`;
  return `${path}/Linux%206.1/default/default/update.xml${forced ? '?force=1' : ''}`;
}

/** The answer that tells a client that there is no update. */
export const noUpdate = '<?xml version="1.0"?>\n<updates>\n</updates>';

/** What an answer offers: a version and the type of the update, or `-`. */
export function offerIn({ status, body }: Answer): string {
  if (status !== 200) throw new Error(`${status}: ${body}`);
  if (body === noUpdate) return '-';
  const { updates } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(body, true) as {
    updates: { update: { appVersion: string; type: string; patch: { URL: string } } };
  };
  const { appVersion, type, patch } = updates.update;
  if (!patch.URL.includes(`/${appVersion}/`)) throw new Error(`${appVersion} is to be had from ${patch.URL}`);
  return `${appVersion} ${type}`;
}
