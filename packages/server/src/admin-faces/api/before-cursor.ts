import { Problem } from '../../problem.ts';

/** Where a page goes on that is the newest first by a number. @throws Problem `usage` for a cursor that is not ours */
export function beforeCursor(cursor: string | undefined): { readonly before?: number } {
  if (cursor === undefined) return {};
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new Problem('usage', 'cursor: send the `next` of the page before');
  return { before: Number(cursor) };
}
