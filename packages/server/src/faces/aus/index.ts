import {
  type Branch,
  branchOf,
  type Decision,
  type Draw,
  decideOutcome,
  gatherReleases,
  type Outcome,
  outcomeOf,
  withReleases,
} from 'sluice';
import { z } from 'zod';
import type { App, Asked, Explanation, Face, FacePreview, OpenFace, Reply } from '../../face.ts';
import { knownLabels } from '../../metrics/known-labels.ts';
import { type AnswerOptions, type Asking, answer, answerWithoutRequest } from './answer.ts';
import { openContentSigner } from './content-signature.ts';
import { parse } from './parse.ts';
import { ReadyAnswers, type ReadyLine } from './ready-answers.ts';
import { hasPowerPc, sampledLine } from './sampled-line.ts';

const settings = z.strictObject({
  strictQuery: z
    .boolean()
    .default(false)
    .describe('Answer 400 to a query parameter that the route does not know, as Balrog does, instead of ignoring it.'),
  maxAgeSeconds: z
    .int()
    .min(0)
    .max(31_536_000)
    .default(90)
    .describe('How long caches may keep an answer that no draw had a say in.'),
  readyLines: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(10_000)
    .describe('How many request lines have their answers kept ready; each takes some 3 kB.'),
  contentSignature: z
    .strictObject({
      keyFile: z.string().min(1).describe('A P-384 private key in PEM.'),
      x5u: z.url({ normalize: true }).describe('Where clients find the certificate chain of that key.'),
    })
    .optional()
    .describe('Sign the XML of the signed products, and all JSON. Without it no signature is sent.'),
});

export type AusSettings = z.output<typeof settings>;

/** Mozilla's update protocol: `/update/1…6/…/update.xml` and `/json/1…2/…/update.json`. */
export const aus: Face<'aus', typeof settings> = {
  name: 'aus',
  summary: "Mozilla's update protocol, XML and JSON, as AUS and Balrog speak it",
  settings,
  open: (app, options) => openAus(app, options),
};

function openAus(app: App, settings: AusSettings): OpenFace {
  const signer = settings.contentSignature && openContentSigner(settings.contentSignature);
  const options: AnswerOptions = { maxAgeSeconds: settings.maxAgeSeconds, signer };
  const ready = new ReadyAnswers(settings.readyLines);
  return {
    answer: (asked) => answerReady(app, asked, settings, options, ready),
    explain: (asked) => explain(app, asked, settings, options),
    preview: previewAus(settings, options),
  };
}

function previewAus(settings: AusSettings, options: AnswerOptions): FacePreview {
  // Signing takes longer than all else together, and no two signatures are the same.
  const unsigned: AnswerOptions = { ...options, signer: options.signer && (() => '') };
  const ask = ({ url, userAgent }: Asked): Asking | undefined => {
    const question = parse(url, userAgent, settings);
    return question.kind === 'question' ? question : undefined;
  };
  return {
    question: (asked) => ask(asked)?.request,
    write(asked, decision, snapshot) {
      const question = ask(asked);
      return question && answer(question, decision, snapshot, unsigned);
    },
  };
}

function explain(app: App, asked: Asked, settings: AusSettings, options: AnswerOptions): Explanation | undefined {
  const question = parse(asked.url, asked.userAgent, settings);
  if (question.kind === 'foreign') return undefined;
  if (question.kind !== 'question') {
    return { request: undefined, decision: undefined, reply: answerWithoutRequest(question, options) };
  }
  const outcome = outcomeOf(app.snapshot(), question.request);
  return { request: question.request, ...follow(app, question, outcome, drawCourse(app, outcome), options) };
}

/** Which way a request goes now, and the tickets that led there. */
interface Course {
  readonly branch: Branch;
  readonly nowMs: number;
  readonly tickets: readonly number[];
}

function drawCourse({ nowMs: now, draw }: App, outcome: Outcome): Course {
  const nowMs = now();
  const tickets: number[] = [];
  const branch = branchOf(outcome, nowMs, () => {
    const ticket = draw();
    tickets.push(ticket);
    return ticket;
  });
  return { branch, nowMs, tickets };
}

/** Reads the releases that a course leads to, decides and writes the answer. */
function follow(
  { draw, readRelease }: App,
  question: Asking,
  outcome: Outcome,
  { branch, nowMs, tickets }: Course,
  options: AnswerOptions,
): { readonly decision: Decision; readonly reply: Reply } {
  const gathered = withReleases(outcome, gatherReleases(outcome, branch, readRelease));
  const decision = decideOutcome(gathered, nowMs, again(tickets, draw));
  return { decision, reply: answer(question, decision, gathered.snapshot, options) };
}

/** Answers like `explain`, but remembers what a request line comes to for as long as the snapshot lives. */
function answerReady(
  app: App,
  asked: Asked,
  settings: AusSettings,
  options: AnswerOptions,
  ready: ReadyAnswers,
): Reply | undefined {
  const snapshot = app.snapshot();
  const key = lineKey(asked);
  let line = ready.find(key, snapshot);
  if (line === undefined) {
    const question = parse(asked.url, asked.userAgent, settings);
    if (question.kind === 'foreign') return undefined;
    if (question.kind !== 'question') return answerWithoutRequest(question, options);
    line = { question, outcome: outcomeOf(snapshot, question.request), replies: [], slots: [], offerAtMs: 0 };
    ready.keep(key, line);
  }
  const course = drawCourse(app, line.outcome);
  // Also a line whose answer is ready is offered now and then, or else what is asked most would be forgotten first.
  if (course.nowMs >= line.offerAtMs) {
    line.offerAtMs = app.offerLine?.(sampledLine(asked, line.question), course.nowMs) ?? Number.POSITIVE_INFINITY;
  }
  const { index } = course.branch;
  const kept = line.replies[index];
  if (kept !== undefined) {
    app.meter?.readyHit();
    app.meter?.countDecision(line.slots[index] as number);
    return kept;
  }
  const { decision, reply } = follow(app, line.question, line.outcome, course, options);
  const slot = countMiss(app, line, decision);
  // Each product of a superblob has draws of its own, which no branch stands for; and what is wrong is seldom asked twice.
  const isLasting = decision.kind === 'hold' || (decision.kind === 'serve' && decision.products === undefined);
  if (!isLasting) return reply;
  const lasting = { ...reply, lasting: true } as const;
  ready.keepReply(line, index, slot, lasting);
  return lasting;
}

/** Counts a decision for which no answer was ready, and says where the next like it are counted. */
function countMiss({ meter }: App, { question, outcome }: ReadyLine, decision: Decision): number {
  if (meter === undefined) return 0;
  const { product, channel } = knownLabels(outcome.snapshot, question.request);
  const slot = meter.decisionSlot(product, channel, decision);
  meter.readyMiss();
  meter.countDecision(slot);
  return slot;
}

/** Draws the same tickets once more, and goes on from there. */
function again(tickets: readonly number[], draw: Draw): Draw {
  let next = 0;
  return () => tickets[next++] ?? draw();
}

/** Whatever an answer depends on of what was asked: the line, and, on a Mac, whether it has a PowerPC. */
function lineKey(asked: Asked): string {
  return hasPowerPc(asked) ? `PPC ${asked.url}` : asked.url;
}
