import { type ClientKey, coversChannel, readVersion, type Snapshot, versionScheme } from 'sluice';
import type { CountSeries } from '../../count.ts';
import { countedVersion } from '../../counting/counted-version.ts';
import { knownLabels } from '../../metrics/known-labels.ts';
import { otherLabel } from '../../metrics/meter.ts';
import type { Report } from './read-batch.ts';

/** As which series a report is counted, or why the key does not let it be, or what is wrong with it. */
export type SeriesFound =
  | { readonly kind: 'series'; readonly series: CountSeries }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'mistake'; readonly field: keyof Report; readonly message: string };

/** Finds the series: its product and channel are under the names under which update checks are counted too. */
export function seriesOf(snapshot: Snapshot, key: ClientKey, report: Report): SeriesFound {
  const { product, channel, version, event } = report;
  if (product !== key.product) return { kind: 'refused', why: 'the key is not for the product' };
  const label = knownLabels(snapshot, { product, channel }).channel;
  const { channels } = key;
  if (label === otherLabel) return { kind: 'refused', why: 'neither the key nor a rule names the channel' };
  if (channels?.some((each) => each === label || coversChannel(each, channel)) === false) {
    return { kind: 'refused', why: 'the key is not for the channel' };
  }
  if (version === '' || countedVersion(version) !== version || !readVersion(version, versionScheme(product))) {
    return { kind: 'mistake', field: 'version', message: 'this is no version that can be read' };
  }
  return { kind: 'series', series: { event, product, channel: label, version, release: '', rule: 0 } };
}
