import {
  type AppBlob,
  buildIdOf,
  coversChannel,
  fallbackChannel,
  fieldOf,
  meetsText,
  meetsVersion,
  type Request,
  readVersion,
  textCriterion,
  type UpdateLineGroup,
  versionCriterion,
} from 'sluice';
import type { Attribute } from '../xml.ts';
import { type Rendering, withLocale } from './rendering.ts';

const localized: ReadonlySet<string> = new Set(['openURL', 'notificationURL', 'alertURL', 'detailsURL']);

/** What a group may say; any other field could be no name for an attribute. */
const sayable: ReadonlySet<string> = new Set([
  ...localized,
  'type',
  'actions',
  'showPrompt',
  'showNeverForVersion',
  'promptWaitTime',
  'disableBITS',
  'disableBackgroundUpdates',
]);

/** Schema 9: what the release says of itself, overlaid by every group of the update line that fits the request. */
export function updateLineAttributes(blob: AppBlob, { request, part }: Rendering): readonly Attribute[] {
  const { platform, locale } = request;
  const found = new Map<string, string | number | boolean>([
    ['appVersion', fieldOf(blob, platform, locale, 'appVersion') ?? 'None'],
    ['displayVersion', fieldOf(blob, platform, locale, 'displayVersion') ?? 'None'],
    ['buildID', buildIdOf(blob, platform, locale) ?? 'None'],
    ['type', part.updateType],
  ]);
  for (const group of groupsOf(blob)) {
    if (!fits(group, request)) continue;
    for (const [name, value] of Object.entries(group.fields)) {
      if (value !== undefined && sayable.has(name)) found.set(name, value);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, localized.has(name) ? withLocale(String(value), locale) : value]);
}

/** Some builds write an empty object where a list belongs. */
function groupsOf({ updateLine }: AppBlob): readonly UpdateLineGroup[] {
  return Array.isArray(updateLine) ? (updateLine as readonly UpdateLineGroup[]) : [];
}

/** All criteria that a group names must hold; each is a list of which one entry must fit. */
function fits({ for: criteria }: UpdateLineGroup, request: Request): boolean {
  const { channels, locales, versions, buildIDs } = criteria;
  const fallback = fallbackChannel(request.channel);
  if (channels?.some((one) => coversChannel(one, request.channel) || coversChannel(one, fallback)) === false)
    return false;
  if (locales?.includes(request.locale) === false) return false;
  if (versions?.some((one) => fitsVersion(one, request.version)) === false) return false;
  return buildIDs?.some((one) => fitsBuildId(one, request.buildId)) !== false;
}

function fitsVersion(criterion: string, text: string): boolean {
  const version = readVersion(text, 'mozilla');
  return version !== undefined && meetsVersion(versionCriterion(criterion), version, text);
}

function fitsBuildId(criterion: string, buildId: string): boolean {
  const read = textCriterion(criterion);
  return read !== undefined && meetsText(read, buildId);
}
