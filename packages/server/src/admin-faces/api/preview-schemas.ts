import { z } from '@hono/zod-openapi';
import type { AnswerChance, PreviewReport, Ranking, RegressionEnd } from '../../app/preview/preview-report.ts';
import type { PreviewWork } from '../../app/preview/preview-work.ts';
import { requirement } from './change-schemas.ts';
import { instant, instantOf, kindName } from './schemas.ts';

const count = {
  lines: z.int(),
  differing: z.int().openapi({ description: 'Lines whose answer may be another one.' }),
  expected: z.number().openapi({ description: 'How many answers are expected to be others.' }),
  noticed: z.number().openapi({ description: 'How many of these a client can tell from what it got before.' }),
};
const chance = z.object({
  answer: z.string(),
  probability: z.number(),
  by: z.object({ kind: kindName, name: z.string() }).optional(),
});
const end = z.object({ passed: z.boolean(), got: z.array(chance) });

function ranking<T extends z.ZodType>(item: T) {
  return z.object({ first: z.array(item), leftOut: z.int() });
}

/** What edits would do, and what they need. */
export const previewBody = z
  .object({
    revision: z.int(),
    at: instant.openapi({ description: 'The time for which ramps were read.' }),
    sampled: z.int(),
    complete: z.boolean().openapi({ description: 'Whether all lines were looked at before time was up.' }),
    inexact: z.int(),
    total: z.object(count),
    byProduct: ranking(z.object({ name: z.string(), ...count })),
    byChannel: ranking(z.object({ name: z.string(), ...count })),
    byOutcome: ranking(z.object({ from: z.string(), to: z.string(), expected: z.number() })),
    examples: z.array(
      z.object({
        url: z.string(),
        userAgent: z.string().optional(),
        distance: z.number(),
        before: z.array(chance),
        after: z.array(chance),
      }),
    ),
    regression: z.array(z.object({ name: z.string(), line: z.string(), before: end, after: end })),
    warnings: z.array(z.object({ at: z.string(), detail: z.string() })),
    required: z.array(requirement),
  })
  .openapi('Preview');

/** A report as the API answers with it. */
export function presentPreview(report: PreviewReport, work: PreviewWork): z.output<typeof previewBody> {
  const { revision, atMs, sampled, complete, inexact, total, byProduct, byChannel, byOutcome } = report;
  return {
    revision,
    at: instantOf(atMs),
    sampled,
    complete,
    inexact,
    total,
    byProduct: ranked(byProduct),
    byChannel: ranked(byChannel),
    byOutcome: ranked(byOutcome),
    examples: report.examples.map(({ url, userAgent, distance, before, after }) => ({
      url,
      ...(userAgent !== undefined && { userAgent }),
      distance,
      before: before.map(presentChance),
      after: after.map(presentChance),
    })),
    regression: report.regression.map(({ name, line, before, after }) => ({
      name,
      line,
      before: presentEnd(before),
      after: presentEnd(after),
    })),
    warnings: work.warnings.map(({ at, message }) => ({ at, detail: message })),
    required: work.required.map(({ policies, signedBy, ...one }) => ({
      ...one,
      policies: [...policies],
      signedBy: [...signedBy],
    })),
  };
}

function ranked<T>({ first, leftOut }: Ranking<T>) {
  return { first: [...first], leftOut };
}

function presentEnd({ passed, got }: RegressionEnd) {
  return { passed, got: got.map(presentChance) };
}

function presentChance({ answer, probability, by }: AnswerChance) {
  return { answer, probability, ...(by !== undefined && { by: { kind: by.kind, name: by.name } }) };
}
