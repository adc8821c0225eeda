import type { Reading, Truth } from 'sluice';
import { z } from 'zod';
import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import type { Moment } from '../changes/desk.ts';
import { expectedOvershoot, type Overshoot } from '../changes/expected-overshoot.ts';
import { type ChangeFacts, factsOf } from '../changes/facts-of.ts';
import { type Difference, differencesOf } from './diff-lines.ts';
import { alteredObjects } from './diff-objects.ts';
import { vetoWindowMsOf } from './lead-times.ts';
import { type NoticeStanding, noticeStanding } from './notice-standing.ts';
import { notifiersFor, sendingAmong } from './notifiers-for.ts';
import { stepsOf, type ToldStep } from './render-chain.ts';
import { whatText } from './render-what.ts';

/** One part of a condition, as people are told of it. */
export interface ToldLeaf {
  readonly says: string;
  readonly truth: Truth;
  readonly reading?: Reading | undefined;
}

/** All that a notice about a change has to tell, at one moment. */
export interface Told {
  readonly notice: Pick<Notice, 'event' | 'detail'>;
  readonly change: Change;
  readonly nowMs: number;
  /** What the change does, in a few words. */
  readonly what: string;
  readonly differences: readonly Difference[];
  readonly leaves: readonly ToldLeaf[];
  /** Absent where the change is over. */
  readonly facts?: ChangeFacts;
  readonly standing?: NoticeStanding;
  /** When it is to be enacted, or is expected to be; absent where that cannot be said. */
  readonly atMs?: number | undefined;
  /** How many more will install what a change is to stop, where that can be said. */
  readonly overshoot?: Overshoot | undefined;
  /** Those of its chain. */
  readonly steps: readonly ToldStep[];
}

/** Gathers it. */
export async function toldOf(moment: Moment, change: Change, notice: Told['notice']): Promise<Told> {
  const objects = await alteredObjects(moment, change);
  const differences = differencesOf(objects);
  const base = {
    notice,
    change,
    nowMs: moment.nowMs,
    what: whatText(change, differences),
    differences,
    steps: await stepsOf(moment, change),
  };
  if (change.state !== 'pending' && change.state !== 'draft') {
    return { ...base, leaves: change.state === 'enacted' ? await evidenceOf(moment, change) : [] };
  }
  const facts = await factsOf(moment, change);
  const standing = await noticeStanding(moment, change, objects);
  const vetoWindowMs = vetoWindowMsOf(sendingAmong(notifiersFor(moment.current, change)));
  return {
    ...base,
    facts,
    standing,
    leaves: facts.leaves,
    overshoot: await expectedOvershoot(moment, change, objects),
    atMs: enactedAt({ change, notice, facts, standing, vetoWindowMs }, moment.nowMs),
  };
}

interface Timing extends Pick<Told, 'change' | 'notice'> {
  readonly facts: ChangeFacts;
  readonly standing: NoticeStanding;
  readonly vetoWindowMs: number;
}

const said = z.looseObject({ dueAtMs: z.number().optional(), expectedAtMs: z.number().optional() });

function enactedAt({ change, notice, facts, standing, vetoWindowMs }: Timing, nowMs: number): number | undefined {
  const { dueAtMs = change.dueAtMs, expectedAtMs } = said.safeParse(notice.detail).data ?? {};
  const endOfWindowMs = standing.enactableAtMs ?? nowMs + vetoWindowMs;
  switch (notice.event) {
    case 'crossed':
      return endOfWindowMs;
    case 'forecast':
      return facts.expectedAtMs ?? expectedAtMs;
    case 'scheduled':
      // Whoever is told late can still stop it for as long as anybody.
      return dueAtMs === undefined
        ? undefined
        : Math.max(dueAtMs, standing.state === 'not-needed' ? nowMs : endOfWindowMs);
    default:
      return undefined;
  }
}

const evidence = z.looseObject({
  evidence: z.array(
    z.looseObject({
      says: z.string(),
      truth: z.enum(['true', 'false', 'unknown']),
      reading: z.looseObject({ asOfMs: z.number(), value: z.number().optional(), note: z.string() }).optional(),
    }),
  ),
});

/** What an enactment rested on, as the audit log has it. */
async function evidenceOf({ tx }: Moment, { id }: Change): Promise<readonly ToldLeaf[]> {
  const [entry] = await tx.audit({ change: id, action: 'change.enacted', limit: 1 });
  const read = evidence.safeParse(entry?.detail).data?.evidence ?? [];
  return read.map(({ says, truth, reading }) => ({
    says,
    truth,
    ...(reading !== undefined && {
      reading: {
        asOfMs: reading.asOfMs,
        note: reading.note,
        ...(reading.value !== undefined && { value: reading.value }),
      },
    }),
  }));
}
