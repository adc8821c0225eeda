import type { Decision, Outcome, ReadRelease } from 'sluice';
import type { Asked, FacePreview } from '../../face.ts';
import type { ObjectName } from '../../store.ts';
import { type Course, coursesOf } from './courses.ts';

/** One answer that a line may get. */
export interface Chance {
  /** For people: the release, or why nothing is served. */
  readonly answer: string;
  readonly probability: number;
  /** What a client can tell apart: the same for all reasons for which it gets nothing. */
  readonly seen: string;
  /** The releases that are served, a superblob and what it stands for. */
  readonly releases: readonly string[];
  readonly kind: Decision['kind'];
  /** What decided. */
  readonly by: ObjectName | undefined;
}

/** All answers that a line may get, under keys that are the same exactly for the same answer. */
export interface Distribution {
  readonly chances: ReadonlyMap<string, Chance>;
  /** The probability of answers that were not worked out. */
  readonly missing: number;
}

export interface DistributionOptions {
  readonly nowMs: number;
  readonly readRelease: ReadRelease;
  /** Whether answers that rest on these releases may be written otherwise although the decision is the same. */
  readonly isWritten: (asked: ReadonlySet<string>) => boolean;
}

/** Works out what a line gets and how likely. @throws whatever `readRelease` throws. */
export function distributionOf(
  outcome: Outcome,
  asked: Asked,
  face: FacePreview,
  { nowMs, readRelease, isWritten }: DistributionOptions,
): Distribution {
  const { courses, missing } = coursesOf(outcome, nowMs, readRelease);
  const chances = new Map<string, Chance>();
  for (const course of courses) {
    const { decision, probability } = course;
    const written = decision.kind === 'serve' && isWritten(course.asked) ? textOf(course, asked, face) : '';
    const key = `${answerKey(decision)}\n${written}`;
    const known = chances.get(key);
    chances.set(key, { ...(known ?? chanceOf(decision, key)), probability: probability + (known?.probability ?? 0) });
  }
  return { chances, missing };
}

/** What a client can read, signatures left out. */
function textOf({ decision, snapshot }: Course, asked: Asked, face: FacePreview): string {
  const reply = face.write(asked, decision, snapshot);
  if (reply === undefined) return '';
  const names = reply.headers.filter((_, at) => at % 2 === 0);
  return `${reply.status} ${names.join()}\n${reply.body}`;
}

function chanceOf(decision: Decision, key: string): Omit<Chance, 'probability'> {
  return {
    answer: answerText(decision),
    seen: decision.kind === 'hold' ? 'nothing' : key,
    releases: decision.kind === 'serve' ? [decision.release.name, ...partNames(decision)] : [],
    kind: decision.kind,
    by: deciding(decision),
  };
}

function answerText(decision: Decision): string {
  if (decision.kind === 'hold') return `nothing: ${decision.reason}`;
  if (decision.kind === 'invalid') return `invalid: ${decision.reason}`;
  const { release, updateType } = decision;
  const parts = release.blob.schema_version === 4000 ? ` [${partNames(decision).join(', ')}]` : '';
  return `${release.name}${parts}${updateType === 'major' ? ' (major)' : ''}`;
}

function answerKey(decision: Decision): string {
  if (decision.kind !== 'serve') return answerText(decision);
  const parts = decision.parts.map(({ product, release, updateType }) => [product, release.name, updateType]);
  return JSON.stringify([decision.release.name, decision.updateType, parts]);
}

function partNames({ parts }: Extract<Decision, { readonly kind: 'serve' }>): readonly string[] {
  return parts.map(({ release }) => release.name);
}

function deciding(decision: Decision): ObjectName | undefined {
  if (decision.stop !== undefined) return { kind: 'emergency-stop', name: decision.stop };
  if (decision.rule !== undefined) return { kind: 'rule', name: String(decision.rule.id) };
  const throttle = decision.throttle?.name;
  if (throttle === undefined) return undefined;
  return { kind: throttle === 'global' ? 'global-throttle' : 'throttle', name: throttle };
}
