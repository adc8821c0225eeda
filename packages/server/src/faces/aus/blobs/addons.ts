import { type Addon, type AddonPlatform, type Dictionary, isAllowedUrl, own } from 'sluice';
import { attributes } from '../xml.ts';
import type { Rendering } from './rendering.ts';

/** The `<addon>` lines of media plugins and system add-ons, by name; one from a foreign host is left out. */
export function addonLines(addons: Dictionary<Addon>, hashFunction: string, rendering: Rendering): readonly string[] {
  return Object.keys(addons)
    .sort()
    .flatMap((id) => addonLine(id, own(addons, id), hashFunction, rendering));
}

function addonLine(
  id: string,
  addon: Addon | undefined,
  hashFunction: string,
  { request, snapshot, part }: Rendering,
): readonly string[] {
  const platform = addon && platformFor(addon, request.platform);
  const url = platform?.fileUrl;
  const allowed = (address: string): boolean => isAllowedUrl(snapshot.fileHosts, address, part.product);
  if (addon === undefined || platform === undefined || url === undefined || !allowed(url)) return [];
  const line = `        <addon${attributes([
    ['id', id],
    ['URL', url],
    ['hashFunction', hashFunction],
    ['hashValue', platform.hashValue ?? ''],
    ['size', platform.filesize ?? ''],
    ['version', addon.version],
  ])}`;
  const mirrors = (platform.mirrorUrls ?? []).filter(allowed);
  if (mirrors.length === 0) return [`${line}/>`];
  return [
    `${line}>`,
    ...mirrors.map((mirror) => `            <mirror${attributes([['URL', mirror]])}/>`),
    '        </addon>',
  ];
}

/** The client's platform, or the one it is an alias of, or `default`. */
function platformFor({ platforms }: Addon, name: string): AddonPlatform | undefined {
  const exact = own(platforms, name);
  if (exact === undefined) return own(platforms, 'default');
  return exact.alias === undefined ? exact : own(platforms, exact.alias);
}
