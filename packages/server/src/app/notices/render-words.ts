import { briefText } from '../../brief-text.ts';
import { readPrincipal } from '../../principal.ts';
import { conditionText } from '../conditions/condition-text.ts';
import { fullMomentText, momentText } from './render-moment.ts';
import type { Told } from './render-told.ts';

/** What a message says first. */
export interface Words {
  /** One line. */
  readonly title: string;
  readonly summary: string;
}

/** What will happen, or has happened, and until when it can be stopped. */
export function wordsOf(told: Told): Words {
  const { notice, change, what, nowMs, atMs, standing } = told;
  const { id, end } = change;
  const at = atMs === undefined ? '' : momentText(atMs, nowMs);
  const until = atMs === undefined ? '' : ` (veto until ${at})`;
  const when = atMs === undefined ? 'when its condition is true' : `at ${fullMomentText(atMs)}`;
  const waits = briefText(conditionText(change.condition), 300);
  switch (notice.event) {
    case 'scheduled':
      return {
        title: `WILL ENACT ${at}: ${what}${until}`,
        summary: `Change ${id} will be enacted ${when} unless somebody stops it before.${missing(told)}`,
      };
    case 'armed': {
      const lacks = missing(told);
      const signed = lacks === '' ? 'has all its sign-offs, and ' : '';
      return {
        title: `ARMED: ${what} (veto any time)`,
        summary: `Change ${id} ${signed}will be enacted when this is so: ${waits}.${lacks}`,
      };
    }
    case 'forecast':
      return {
        title: `EXPECTED ${at}: ${what} (veto any time)`,
        summary: `Change ${id} waits for this: ${waits}. That is expected ${when}; it will be told when it is so.${missing(told)}`,
      };
    case 'crossed':
      return {
        title: `CONDITION TRUE, WILL ENACT ${at}: ${what}${until}`,
        summary: `What change ${id} waits for has come true, and it will be enacted ${when} unless somebody stops it before.`,
      };
    case 'held':
      return {
        title: `HELD: ${what}`,
        summary: `Change ${id} could be enacted, but is held: ${standing?.says ?? 'nobody could be told'}.`,
      };
    case 'enacted':
      return {
        title: `ENACTED ${momentText(end?.atMs ?? nowMs, nowMs)}: ${what}`,
        summary: `Change ${id} was enacted at ${fullMomentText(end?.atMs ?? nowMs)} by ${who(end?.by)}.`,
      };
    case 'failed':
      return {
        title: `FAILED: ${what}`,
        summary: `Change ${id} could not be enacted: ${briefText(end?.reason ?? '', 500)}`,
      };
    case 'vetoed':
      return {
        title: `VETOED: ${what}`,
        summary: `Change ${id} was stopped by ${who(end?.by)}: ${briefText(end?.reason ?? '', 500)}`,
      };
    case 'self-test':
      return { title: 'SELF-TEST', summary: 'Notices arrive.' };
  }
}

/** A principal as people are called. */
export function who(principal: string | undefined): string {
  return principal === undefined ? 'somebody' : briefText(readPrincipal(principal).name);
}

function missing({ facts }: Told): string {
  const lacking = facts?.required.filter(({ count, signedBy }) => signedBy.length < count) ?? [];
  if (lacking.length === 0) return '';
  const roles = lacking.map(({ role, count, signedBy }) => `${count - signedBy.length} as ${role}`);
  return ` It still needs sign-offs: ${roles.join(', ')}.`;
}
