import type { Decision, Draw, ReadRelease, Request, Snapshot } from 'sluice';
import type { z } from 'zod';
import type { Tally } from './counting/tally.ts';
import type { CheckName } from './health.ts';
import type { Meter } from './metrics/meter.ts';
import type { SampledLine } from './sample/sampled-line.ts';

/** What a face may ask of the server: the newest snapshot, the time and a draw. It cannot reach a store. */
export interface App {
  /** What is configured; of the releases it knows only the names, by its rules. */
  snapshot(): Snapshot;
  /** Reads a release of the newest snapshot. @throws Problem `snapshot-damaged`. */
  readonly readRelease: ReadRelease;
  nowMs(): number;
  readonly draw: Draw;
  /** What came of the last looks. */
  checks(): Readonly<Record<CheckName, 'ok' | 'error'>>;
  readonly version: SoftwareVersion;
  /** Counts what is decided; without it nothing is counted. */
  readonly meter?: Meter | undefined;
  /** Counts checks and offers for signals; without it none are counted. */
  readonly tally?: Tally | undefined;
  /**
   * Keeps lines for previews, where that is wanted: offered is what may be kept of a line, without anything that tells
   * who asks. Answers when the same line is to be offered again, in milliseconds since 1970.
   */
  readonly offerLine?: ((line: SampledLine, nowMs: number) => number) | undefined;
}

/** What runs, as `/__version__` tells it. */
export interface SoftwareVersion {
  readonly source: string;
  readonly version: string;
  readonly commit: string;
  readonly build: string;
}

/** A request as a face on the public listener sees it. */
export interface Asked {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly url: string;
  readonly userAgent: string | undefined;
}

/** A request that is to alter something, or asks whether it may, before anything of its body is read. */
export interface Brought extends Asked {
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
}

/** What is done with a body that is taken. */
export interface Intake {
  /** How long it may be. */
  readonly mostBytes: number;
  /** Answered where it is longer. */
  readonly tooLong: Reply;
  /** Answers it once all of it is there. Never throws for bad input. */
  take(body: Buffer): Reply;
}

/** A whole answer. Header names and values follow each other, as `writeHead` takes them. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  /** Whether this same object will be given again, so that it is worth making its bytes ready. */
  readonly lasting?: true;
}

/** What a face would answer, and what it rests on. */
export interface Explanation {
  readonly request: Request | undefined;
  readonly decision: Decision | undefined;
  readonly reply: Reply;
}

/** A face that is open: answers what is for it, and leaves the rest (`undefined`) to the next. Never throws for bad input. */
export interface OpenFace {
  answer(asked: Asked): Reply | undefined;
  explain(asked: Asked): Explanation | undefined;
  /**
   * For all methods but GET and HEAD: answers what is for it at once, or says what is done with the body, and leaves the
   * rest to the next. Absent where the face takes nothing.
   */
  receive?(brought: Brought): Reply | Intake | undefined;
  /** For previews, where the face has decisions: never asked for an answer. */
  readonly preview?: FacePreview;
}

/** How a face reads and writes, without answering. */
export interface FacePreview {
  /** What the face would ask the engine; `undefined` for what is not for it or cannot be asked. */
  question(asked: Asked): Request | undefined;
  /** What it would write for a decision; signatures may be left out, and nothing is counted or kept. */
  write(asked: Asked, decision: Decision, snapshot: Snapshot): Reply | undefined;
}

/** A protocol we answer in on the public listener. One file or folder each in `faces/`. */
export interface Face<Name extends string = string, Settings extends z.ZodType = z.ZodType> {
  readonly name: Name;
  readonly summary: string;
  readonly settings: Settings;
  /** @throws Problem `invalid-config` when the settings cannot be used, such as a key file that is not there. */
  open(app: App, settings: z.output<Settings>): OpenFace;
}
