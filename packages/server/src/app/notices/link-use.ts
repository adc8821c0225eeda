import type { Change } from '../../change.ts';
import type { NoticeLink } from '../../credential.ts';
import type { ActedView, NoticeAct } from '../../notice-app.ts';
import { readPrincipal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { StoreView } from '../../store.ts';
import type { Acted } from '../changes/acted.ts';
import type { Desk } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { signOffChange } from '../changes/sign-off-change.ts';
import { vetoChange } from '../changes/veto-change.ts';
import { isEnabled } from '../sign-in/is-enabled.ts';
import { digestOfSecret, isSecret } from '../sign-in/secret.ts';

/** A link that still does something, and the change that it is about. */
export interface LiveLink {
  readonly link: NoticeLink;
  readonly change: Change;
}

/** Finds what a link is about; `undefined` where it does nothing any more, or never did. */
export async function liveLink(view: StoreView, secret: string, nowMs: number): Promise<LiveLink | undefined> {
  const link = await view.credential(isSecret(secret) ? digestOfSecret(secret) : '');
  const isLink = link?.kind === 'notice-link';
  // All is asked in any case, so that the time does not tell what was known.
  const mayAct = await isEnabled(view, readPrincipal((isLink && link.owner) || 'user:'));
  const change = await view.change(isLink ? link.change : 0);
  if (!isLink || !mayAct || change === undefined) return undefined;
  if (link.revokedAtMs !== undefined || nowMs >= link.expiresAtMs) return undefined;
  return change.state === 'pending' && digestOf(change) === link.changeDigest ? { link, change } : undefined;
}

/** Does what somebody asks by a link, as its owner, and uses it up, all or nothing. @throws Problem `notice-link-spent`. */
export async function useNoticeLink(desk: Desk, secret: string, act: NoticeAct): Promise<ActedView> {
  const { tx, nowMs } = desk;
  const live = await liveLink(tx, secret, nowMs);
  if (live === undefined)
    throw new Problem('notice-link-spent', 'it was used, has expired, or the change is not what it was');
  const { link, change } = live;
  const principal = readPrincipal(link.owner);
  const acted = await doAct({ ...desk, caller: { principal, scopes: ['sign'] } }, change, act);
  await tx.putCredential({ ...link, usedAtMs: nowMs, revokedAtMs: nowMs });
  await tx.append({
    atMs: nowMs,
    actor: link.owner,
    action: 'notice-link.used',
    change: change.id,
    subject: `notice-link ${link.id}`,
    detail: { notice: link.notice, act: act.kind },
  });
  return { change: change.id, state: acted.change.state };
}

/** Does what somebody asks for on the page of a change. */
export function doAct(desk: Desk, change: Change, act: NoticeAct): Promise<Acted> {
  return act.kind === 'veto' ? vetoChange(desk, change, act.reason) : signOffChange(desk, change, act.role);
}
