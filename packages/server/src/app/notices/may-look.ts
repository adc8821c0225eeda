import type { Change } from '../../change.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { whoMayVeto } from '../changes/who-may-veto.ts';

/** Whether somebody is shown a change: whoever may read what it touches, and whoever may stop it. */
export async function mayLook(moment: Moment, caller: Caller, change: Change): Promise<boolean> {
  const { access } = moment.current;
  const kinds = [...new Set(change.edits.map(({ kind }) => kind))];
  const action = change.state === 'pending' ? 'read-changes' : 'read';
  const mayRead = kinds.every((kind) => {
    const reaches = change.reaches.filter((reach) => reach.kind === kind);
    return access.may(caller.principal, action, { kind, reaches }, caller.scopes);
  });
  return mayRead || (await whoMayVeto(moment, change))(caller);
}
