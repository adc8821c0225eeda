import { type AppBlob, buildIdOf, compareVersions, fieldOf, localeOf, readMozillaVersion } from 'sluice';
import { type Attribute, attributes } from '../xml.ts';
import { patchLines } from './patches.ts';
import { type Rendering, withLocale } from './rendering.ts';
import { updateLineAttributes } from './update-line.ts';

/** The opening `<update>` of an application release. */
export function appReleaseHeader(blob: AppBlob, rendering: Rendering): string {
  return `    <update${attributes(headerAttributes(blob, rendering))}>`;
}

/** The `<patch>` lines of an application release. */
export function appReleaseBody(blob: AppBlob, rendering: Rendering): readonly string[] {
  return patchLines(blob, rendering);
}

function headerAttributes(blob: AppBlob, rendering: Rendering): readonly Attribute[] {
  switch (blob.schema_version) {
    case 1:
      return firstAttributes(blob, rendering);
    case 9:
      return updateLineAttributes(blob, rendering);
    default:
      return laterAttributes(blob, rendering);
  }
}

/** Balrog prints an absent value so, and clients have come to read it. */
const absent = 'None';

function firstAttributes(blob: AppBlob, { request, part }: Rendering): readonly Attribute[] {
  const { platform, locale } = request;
  const version: Attribute = ['version', fieldOf(blob, platform, locale, 'appv') ?? absent];
  const extension: Attribute = ['extensionVersion', fieldOf(blob, platform, locale, 'extv') ?? absent];
  return [
    ['type', part.updateType],
    ...(blob.oldVersionSpecialCases === true ? oldVersions(version, extension, request.version) : [version, extension]),
    ['buildID', buildIdOf(blob, platform, locale) ?? absent],
    ...pages(blob, locale),
  ];
}

/** Clients before 4.0 accept an update without asking about add-ons only when the versions look like their own. */
function oldVersions(version: Attribute, extension: Attribute, theirs: string): readonly Attribute[] {
  const between = (from: string, to: string): boolean => isBetween(theirs, from, to);
  if (between('2.0', '3.5')) return [['version', theirs]];
  if (between('3.5', '3.6')) return [version];
  if (between('3.6', '4.0')) return [version, ['extensionVersion', theirs]];
  return [version, extension];
}

function isBetween(text: string, from: string, to: string): boolean {
  const [version, low, high] = [text, from, to].map(readMozillaVersion);
  if (version === undefined || low === undefined || high === undefined) return false;
  return compareVersions(version, low) >= 0 && compareVersions(version, high) < 0;
}

function pages(blob: AppBlob, locale: string): readonly Attribute[] {
  const found: Attribute[] = [];
  if (blob.detailsUrl !== undefined) found.push(['detailsURL', withLocale(blob.detailsUrl, locale)]);
  if (blob.licenseUrl !== undefined) found.push(['licenseURL', withLocale(blob.licenseUrl, locale)]);
  return found;
}

type Optional =
  | 'billboardURL'
  | 'showPrompt'
  | 'showNeverForVersion'
  | 'actions'
  | 'openURL'
  | 'notificationURL'
  | 'alertURL'
  | 'promptWaitTime'
  | 'binTransMerkleRoot'
  | 'binTransCertificate'
  | 'binTransSCTList';

const since2: readonly Optional[] = [
  'billboardURL',
  'showPrompt',
  'showNeverForVersion',
  'actions',
  'openURL',
  'notificationURL',
  'alertURL',
];
const since5: readonly Optional[] = [...since2, 'promptWaitTime'];
const since6 = since5.filter((name) => name !== 'billboardURL');
const since8: readonly Optional[] = [...since6, 'binTransMerkleRoot', 'binTransCertificate', 'binTransSCTList'];

const optionals: Readonly<Record<number, readonly Optional[]>> = {
  2: since2,
  3: since2,
  4: since2,
  5: since5,
  6: since6,
  8: since8,
};

const localized: ReadonlySet<Optional> = new Set(['billboardURL', 'openURL', 'notificationURL', 'alertURL']);

function laterAttributes(blob: AppBlob, { request, part }: Rendering): readonly Attribute[] {
  const { platform, locale } = request;
  const found: Attribute[] = [
    ['type', part.updateType],
    ['displayVersion', fieldOf(blob, platform, locale, 'displayVersion') ?? absent],
    ['appVersion', fieldOf(blob, platform, locale, 'appVersion') ?? absent],
    ['platformVersion', fieldOf(blob, platform, locale, 'platformVersion') ?? absent],
    ['buildID', buildIdOf(blob, platform, locale) ?? absent],
    ...pages(blob, locale),
  ];
  if (localeOf(blob, platform, locale)?.isOSUpdate === true) found.push(['isOSUpdate', true]);
  for (const name of optionals[blob.schema_version] ?? []) {
    const value = blob[name];
    if (value !== undefined) found.push([name, localized.has(name) ? withLocale(String(value), locale) : value]);
  }
  return found;
}
