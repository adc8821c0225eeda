import type { DesupportBlob } from 'sluice';
import { attributes } from '../xml.ts';
import type { Rendering } from './rendering.ts';

/** Tells the client that its system gets no more updates. The page it names is exempt from the file hosts. */
export function desupportLines(blob: DesupportBlob, { request, part }: Rendering): readonly string[] {
  const values = new Map([
    ['%LOCALE%', request.locale],
    ['%VERSION%', request.version],
    ['%OS%', request.platform.split('_')[0] ?? ''],
  ]);
  const detailsUrl = blob.detailsUrl.replace(
    /%LOCALE%|%VERSION%|%OS%|%locale%|%version%|%os%/g,
    (placeholder) => values.get(placeholder.toUpperCase()) ?? '',
  );
  const pairs = attributes([
    ['type', part.updateType],
    ['unsupported', true],
    ['detailsURL', detailsUrl],
    ['displayVersion', blob.displayVersion],
  ]);
  return [`    <update${pairs}>`, '    </update>'];
}
