import { z } from 'zod';
import type { Kind } from '../kind.ts';
import { text } from './fields.ts';

const schema = z
  .strictObject({
    line: z
      .string()
      .max(8000)
      .regex(/^\/[^\s\p{Cc}]*$/u, 'a path with its query, beginning with / and without blanks'),
    userAgent: text(1000).optional(),
    release: text(200).optional(),
    nothing: z.literal(true).optional(),
    comment: z.string().max(500).optional(),
  })
  .refine(
    ({ release, nothing }) => release === undefined || nothing === undefined,
    'at most one of release and nothing',
  );

export type RegressionLineBody = z.output<typeof schema>;

/** A request that previews answer each time, and what it must get. */
export const regressionLine: Kind<'regression-line', RegressionLineBody> = {
  name: 'regression-line',
  summary: 'a request that every preview answers, and what it must get',
  schema,
  salted: false,
  served: false,
  reachOf: () => [],
};
