import { exportFormat } from '../../export-format.ts';
import type { StoredObject } from '../../store.ts';

/** An export as JSON, as `sluice export` writes it, a piece at a time. */
export async function* exportText(
  revision: number,
  pieces: AsyncIterable<readonly StoredObject[]>,
): AsyncGenerator<string> {
  // The beginning goes with the first piece: whoever asks is told of a failure that comes before there is anything to tell.
  let text = `{"format":${JSON.stringify(exportFormat)},"revision":${revision},"objects":[`;
  let between = '';
  for await (const objects of pieces) {
    for (const { kind, name, body } of objects) {
      text += between + JSON.stringify({ kind, name, ...(body as object) });
      between = ',';
    }
    yield text;
    text = '';
  }
  yield `${text}]}`;
}
