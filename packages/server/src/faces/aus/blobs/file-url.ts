import { type AppBlob, type Dictionary, fallbackChannel, own, type Patch, platformOf } from 'sluice';
import type { PatchKey, Rendering } from './rendering.ts';

/** The address of a patch, or `undefined` where the release says none for this client. */
export function fileUrl(blob: AppBlob, key: PatchKey, patch: Patch, rendering: Rendering): string | undefined {
  const template = blob.schema_version <= 3 ? oneForChannel(blob, rendering) : oneForPatch(blob, key, patch, rendering);
  const url = patch.fileUrl ?? substitute(template, blob, key, patch, rendering);
  return url === undefined ? undefined : withForce(url, rendering);
}

/** Schemas 1 to 3: one template for each channel. */
function oneForChannel({ fileUrls }: AppBlob, { request }: Rendering): string | undefined {
  const template = own(fileUrls, request.channel) ?? own(fileUrls, fallbackChannel(request.channel));
  return typeof template === 'string' ? template : undefined;
}

/** Since schema 4: the first block that exists decides, of the channel, the one it follows, and `*`. */
function oneForPatch({ fileUrls }: AppBlob, key: PatchKey, patch: Patch, { request }: Rendering): string | undefined {
  for (const channel of [request.channel, fallbackChannel(request.channel), '*']) {
    const block = own(fileUrls, channel);
    if (typeof block === 'object' && Object.keys(block).length > 0) return own(own(block, key), patch.from);
  }
  return undefined;
}

function substitute(
  template: string | undefined,
  blob: AppBlob,
  key: PatchKey,
  patch: Patch,
  { request }: Rendering,
): string | undefined {
  if (template === undefined || template === '') return undefined;
  const platform = platformOf(blob, request.platform);
  const values: Dictionary<string> = {
    locale: request.locale,
    os_ftp: platform?.OS_FTP,
    os_bouncer: platform?.OS_BOUNCER,
    ...(blob.schema_version <= 3 && {
      filename: nameOf(blob.ftpFilenames, key, patch.from),
      product: nameOf(blob.bouncerProducts, key, patch.from),
    }),
  };
  let complete = true;
  const url = template.replace(placeholder, (whole, name: string) => {
    if (!Object.hasOwn(values, name.toLowerCase())) return whole;
    const value = values[name.toLowerCase()];
    complete &&= value !== undefined;
    return value ?? '';
  });
  return complete ? url : undefined;
}

const placeholder = /%(LOCALE|locale|OS_FTP|os_ftp|OS_BOUNCER|os_bouncer|FILENAME|filename|PRODUCT|product)%/g;

function nameOf(table: AppBlob['ftpFilenames'], key: PatchKey, from: string): string {
  const entry = own(table, key);
  return (typeof entry === 'object' ? own(entry, from) : entry) ?? '';
}

/** Some hosts are told that a person asked, for their own counts. */
function withForce(url: string, { request, snapshot }: Rendering): string {
  if (request.forced === 'no') return url;
  if (!snapshot.settings.forceUrlPrefixes.some((prefix) => url.startsWith(prefix))) return url;
  return `${url}${url.includes('?') ? '&' : '?'}force=${request.forced === 'main' ? '1' : '-1'}`;
}
