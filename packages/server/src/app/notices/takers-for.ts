import type { Change } from '../../change.ts';
import type { Moment } from '../changes/desk.ts';
import { isDisabled } from './is-disabled.ts';
import { notifiersFor, type SendingNotifier, sendingAmong } from './notifiers-for.ts';

/** The notifiers that are told of a change: those that cover it, send something, and whose other side still wants it. */
export async function takersFor(
  { tx, current }: Pick<Moment, 'tx' | 'current'>,
  change: Pick<Change, 'reaches'>,
): Promise<readonly SendingNotifier[]> {
  const takers: SendingNotifier[] = [];
  for (const notifier of sendingAmong(notifiersFor(current, change)))
    if (!(await isDisabled(tx, notifier))) takers.push(notifier);
  return takers;
}
