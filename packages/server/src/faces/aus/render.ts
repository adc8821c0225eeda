import type { AppBlob, Decision, DesupportBlob, Request, Serve, Snapshot } from 'sluice';
import { addonLines } from './blobs/addons.ts';
import { appReleaseBody, appReleaseHeader } from './blobs/app-release.ts';
import { desupportLines } from './blobs/desupport.ts';
import type { Rendering } from './blobs/rendering.ts';

/** The answer that tells a client that there is no update. */
export const emptyUpdates = '<?xml version="1.0"?>\n<updates>\n</updates>';

/** Writes the update XML of a decision, or answers `undefined` where its release cannot be written as XML. */
export function renderXml(decision: Decision, request: Request, snapshot: Snapshot): string | undefined {
  if (decision.kind !== 'serve') return emptyUpdates;
  const lines = updateLines(decision, request, snapshot);
  if (lines === undefined) return undefined;
  const xml = ['<?xml version="1.0"?>', '<updates>', ...lines, '</updates>'].join('\n');
  return isBrokenNightly(decision, request) ? xml.replaceAll('\n', '').replaceAll('    ', '') : xml;
}

function updateLines(serve: Serve, request: Request, snapshot: Snapshot): readonly string[] | undefined {
  const { blob } = serve.release;
  const rendering: Rendering = {
    request,
    snapshot,
    part: { product: request.product, release: serve.release, updateType: serve.updateType },
  };
  switch (blob.schema_version) {
    case 50:
      return desupportLines(blob, rendering);
    case 1000:
      return wrapped(addonLines(blob.vendors, blob.hashFunction, rendering));
    case 4000:
      return wrapped(serve.parts.flatMap((part) => innerLines({ request, snapshot, part })));
    case 5000: {
      const lines = addonLines(blob.addons ?? {}, blob.hashFunction, rendering);
      // Nothing to say leaves the client's add-ons alone; an empty list tells it to remove them.
      return blob.uninstall === true || lines.length > 0 ? wrapped(lines) : [];
    }
    case 10_000:
      return undefined;
    default:
      return [appReleaseHeader(blob, rendering), ...appReleaseBody(blob, rendering), '    </update>'];
  }
}

function wrapped(lines: readonly string[]): readonly string[] {
  return ['    <addons>', ...lines, '    </addons>'];
}

/** What a release contributes inside a superblob, whose own element stands around it. */
function innerLines(rendering: Rendering): readonly string[] {
  const { blob } = rendering.part.release;
  switch (blob.schema_version) {
    case 50:
      return desupportLines(blob as DesupportBlob, rendering);
    case 1000:
      return addonLines(blob.vendors, blob.hashFunction, rendering);
    case 4000:
    case 10_000:
      return [];
    case 5000:
      return addonLines(blob.addons ?? {}, blob.hashFunction, rendering);
    default:
      return appReleaseBody(blob as AppBlob, rendering);
  }
}

/** Two nightlies of January 2019 cannot read an answer with line breaks (Mozilla bug 1517743). */
function isBrokenNightly({ release }: Serve, { buildId }: Request): boolean {
  return (
    release.blob.name === 'Firefox-mozilla-central-nightly-latest' &&
    (buildId === '20190103220533' || buildId === '20190104093221')
  );
}
