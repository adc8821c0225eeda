import type { z } from '@hono/zod-openapi';
import type { Acted } from '../../app/changes/acted.ts';
import type { Desk } from '../../app/changes/desk.ts';
import { factsOf } from '../../app/changes/facts-of.ts';
import { isOpen } from '../../app/changes/transitions.ts';
import type { Answer } from './answer-once.ts';
import type { changeBody } from './change-schemas.ts';
import { presentChange } from './present-change.ts';
import { isVisible } from './visible-change.ts';

/** What an act left of a change, with what is true of it now. */
export async function presentActed(
  desk: Desk,
  acted: Acted,
  status: 200 | 201,
): Promise<Answer<z.output<typeof changeBody>>> {
  const { change } = acted;
  // A token that may only write is not told what there is.
  const isShown = isOpen(change.state) && isVisible(desk.current, desk.caller, change);
  const facts = isShown ? await factsOf(desk, change) : undefined;
  return { status, body: presentChange(change, facts, acted), version: change.version };
}
