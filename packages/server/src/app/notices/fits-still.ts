import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import { digestOf } from '../changes/digest-of.ts';

/** Whether what a notice tells is still so. What has been done stays told, unless it was taken up again. */
export function fitsStill({ event, digest, overtakenAtMs }: Notice, change: Change): boolean {
  switch (event) {
    case 'self-test':
    case 'enacted':
      return true;
    case 'failed':
    case 'vetoed':
      return change.state === event;
    default: {
      const isOpen = change.state === 'pending' && change.conflicts.length === 0;
      return isOpen && overtakenAtMs === undefined && digestOf(change) === digest;
    }
  }
}
