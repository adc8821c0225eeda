import { type Decision, type GuardianBlob, isAllowedUrl, own, type Request, type Snapshot } from 'sluice';

/** The answer that tells a Guardian client that there is no update. */
export const emptyJson = '{}';

/** Writes the JSON of a Guardian release, or answers `undefined` where the decision has none. */
export function renderJson(decision: Decision, request: Request, { fileHosts }: Snapshot): string | undefined {
  if (decision.kind !== 'serve' || decision.release.blob.schema_version !== 10_000) return undefined;
  const blob: GuardianBlob = decision.release.blob;
  const platform = own(blob.platforms, request.platform);
  if (platform === undefined || !isAllowedUrl(fileHosts, platform.fileUrl, request.product)) return emptyJson;
  return JSON.stringify({
    version: blob.version,
    url: platform.fileUrl,
    required: blob.required,
    hashFunction: blob.hashFunction,
    hashValue: platform.hashValue,
  });
}
