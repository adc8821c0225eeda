import { z } from '@hono/zod-openapi';
import { kindNames } from '../../kind.ts';
import { Problem } from '../../problem.ts';
import type { ObjectName } from '../../store.ts';
import { paging } from './schemas.ts';

/** Where a page of objects goes on: all pages are of the revisions of the first, so that there are no gaps and no doubles. */
export interface ObjectPlace {
  readonly revisions: readonly number[];
  readonly after: ObjectName;
}

/** The pages of a list of objects. */
export const objectPaging = {
  ...paging,
  cursor: z.string().max(9000).optional().openapi({ description: '`next` of the page before.' }),
};

const written = z.tuple([z.array(z.int().min(0)), z.enum(kindNames), z.string()]);

/** A place as one text. */
export function objectCursor(revisions: readonly number[], { kind, name }: ObjectName): string {
  return Buffer.from(JSON.stringify([revisions, kind, name])).toString('base64url');
}

/** The reverse of `objectCursor`. @throws Problem `usage` for a text that is not ours */
export function readObjectCursor(cursor: string, revisions: number): ObjectPlace {
  const parsed = written.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success || parsed.data[0].length !== revisions) {
    throw new Problem('usage', 'cursor: send the `next` of the page before');
  }
  const [of, kind, name] = parsed.data;
  return { revisions: of, after: { kind, name } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
