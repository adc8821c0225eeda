import type { CountBatch } from './count.ts';
import type { MeterReading } from './metrics/meter-reading.ts';
import type { ReleaseShelf } from './snapshot/release-shelf.ts';
import type { Source } from './source.ts';

/** A node that is followed by its admin listener. */
export interface EdgeSource extends Source {
  /** Reports what is counted to the node from now on, and for the last time when the source is closed. */
  report(options: ReportOptions): void;
  /** Brings a batch of counts to the node, and answers once that has it for good. @throws Problem. */
  bringCounts(batch: CountBatch): Promise<void>;
}

export interface EdgeSourceOptions {
  /** The address of the admin listener. */
  readonly from: string;
  readonly token: string;
  /** The data folder, where the first key is kept that the node shows. */
  readonly data: string;
  /** The key that is required, the DER form of its SPKI in base64; without it the first that is shown. */
  readonly publicKey?: string | undefined;
  readonly shelf: Pick<ReleaseShelf, 'has' | 'putFile' | 'discardDamaged'>;
  /** A number from 0 to 1, drawn anew, that spreads the attempts of many edges. */
  readonly spread: () => number;
  readonly onFirstKey: (first: FirstKey) => void;
  /** Called with what an operator should know of the way to the node. */
  readonly onDoubt: (doubt: string) => void;
}

/** A key that was trusted because there was none before. */
export interface FirstKey {
  readonly fingerprint: string;
  readonly file: string;
}

export interface ReportOptions {
  /** Everything that this edge has counted since it began. */
  readonly reading: () => MeterReading | Promise<MeterReading>;
  /** Called when it cannot be told, once for as long as that is so. */
  readonly onTrouble: (error: unknown) => void;
  readonly everyMs?: number | undefined;
}
