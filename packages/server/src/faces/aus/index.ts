import {
  type Branch,
  branchOf,
  type Decision,
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
import { countedSeries } from './counted-series.ts';
import { parse } from './parse.ts';
import { type KeptReply, ReadyAnswers, type ReadyLine } from './ready-answers.ts';
import { RememberedDraws } from './remembered-draws.ts';
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
  const answering: Answering = {
    app,
    settings,
    options,
    ready: new ReadyAnswers(settings.readyLines),
    draws: new RememberedDraws(app.draw),
  };
  return {
    answer: (asked) => answerReady(answering, asked),
    explain: (asked) => explain(answering, asked),
    preview: previewAus(settings, options),
  };
}

/** What this face answers with, for as long as it is open. */
interface Answering {
  readonly app: App;
  readonly settings: AusSettings;
  readonly options: AnswerOptions;
  readonly ready: ReadyAnswers;
  readonly draws: RememberedDraws;
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

function explain(answering: Answering, asked: Asked): Explanation | undefined {
  const { app, settings, options, draws } = answering;
  const question = parse(asked.url, asked.userAgent, settings);
  if (question.kind === 'foreign') return undefined;
  if (question.kind !== 'question') {
    return { request: undefined, decision: undefined, reply: answerWithoutRequest(question, options) };
  }
  const outcome = outcomeOf(app.snapshot(), question.request);
  const nowMs = app.nowMs();
  draws.begin();
  const branch = branchOf(outcome, nowMs, draws.draw);
  return { request: question.request, ...follow(answering, question, outcome, { branch, nowMs }) };
}

/** Which way a request goes now; the tickets that led there are remembered. */
interface Course {
  readonly branch: Branch;
  readonly nowMs: number;
}

/** Reads the releases that a course leads to, decides and writes the answer. */
function follow(
  { app: { readRelease }, options, draws }: Answering,
  question: Asking,
  outcome: Outcome,
  { branch, nowMs }: Course,
): { readonly decision: Decision; readonly reply: Reply } {
  const gathered = withReleases(outcome, gatherReleases(outcome, branch, readRelease));
  const decision = decideOutcome(gathered, nowMs, draws.drawAgain);
  return { decision, reply: answer(question, decision, gathered.snapshot, options) };
}

/** Answers like `explain`, but remembers what a request line comes to for as long as the snapshot lives. */
function answerReady(answering: Answering, asked: Asked): Reply | undefined {
  const { app, ready, draws } = answering;
  const { meter, tally } = app;
  const snapshot = app.snapshot();
  const key = lineKey(asked);
  let line = ready.find(key, snapshot);
  if (line === undefined) {
    const question = parse(asked.url, asked.userAgent, answering.settings);
    if (question.kind === 'foreign') return undefined;
    if (question.kind !== 'question') return answerWithoutRequest(question, answering.options);
    // No whole number: a field that is one first, and then not, makes all lines slower.
    line = { question, outcome: outcomeOf(snapshot, question.request), kept: [], offerAtMs: Number.NEGATIVE_INFINITY };
    ready.keep(key, line);
  }
  const nowMs = app.nowMs();
  // Also a line whose answer is ready is offered now and then, or else what is asked most would be forgotten first.
  if (nowMs >= line.offerAtMs) {
    line.offerAtMs = app.offerLine?.(sampledLine(asked, line.question), nowMs) ?? Number.POSITIVE_INFINITY;
  }
  draws.begin();
  const branch = branchOf(line.outcome, nowMs, draws.draw);
  const kept = line.kept[branch.index];
  if (kept === undefined) return answerAnew(answering, line, { branch, nowMs });
  if (meter !== undefined) {
    meter.readyHit();
    meter.countDecision(kept.slot);
  }
  if (tally !== undefined && kept.tallied !== undefined) tally.count(kept.tallied);
  return kept.reply;
}

function answerAnew(answering: Answering, line: ReadyLine, course: Course): Reply {
  const { decision, reply } = follow(answering, line.question, line.outcome, course);
  const counted = countMiss(answering.app, line, decision, reply);
  // Each product of a superblob has draws of its own, which no branch stands for; and what is wrong is seldom asked twice.
  const isLasting = decision.kind === 'hold' || (decision.kind === 'serve' && decision.products === undefined);
  if (!isLasting) return reply;
  const lasting = { ...reply, lasting: true } as const;
  answering.ready.keepReply(line, course.branch.index, { reply: lasting, ...counted });
  return lasting;
}

/** Counts a decision for which no answer was ready, and says where the next like it are counted. */
function countMiss(
  { meter, tally }: App,
  { question: { request }, outcome }: ReadyLine,
  decision: Decision,
  reply: Reply,
): Omit<KeptReply, 'reply'> {
  if (meter === undefined && tally === undefined) return { slot: 0, tallied: undefined };
  const labels = knownLabels(outcome.snapshot, request);
  const slot = meter?.decisionSlot(labels.product, labels.channel, decision) ?? 0;
  meter?.readyMiss();
  meter?.countDecision(slot);
  const series = tally && countedSeries(request, labels, decision, reply);
  const tallied = series && tally.find(series);
  if (tallied !== undefined) tally?.count(tallied);
  return { slot, tallied };
}

/** Whatever an answer depends on of what was asked: the line, and, on a Mac, whether it has a PowerPC. */
function lineKey(asked: Asked): string {
  return hasPowerPc(asked) ? `PPC ${asked.url}` : asked.url;
}
