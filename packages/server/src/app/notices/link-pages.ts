import type { IncomingMessage } from 'node:http';
import type { AdminOrigins } from '../../http/admin-origins.ts';
import type { NoticeApp } from '../../notice-app.ts';
import { readPrincipal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { atDesk, atMoment, type Caller, type Changing } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { findChange } from '../changes/find-change.ts';
import type { Authentication } from '../sign-in/authentication.ts';
import { doAct, liveLink, useNoticeLink } from './link-use.ts';
import { viewOf } from './link-view.ts';
import { mayLook } from './may-look.ts';

export interface LinkPageOptions {
  readonly origins: AdminOrigins;
  readonly authentication: Pick<Authentication, 'authenticate'>;
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Whose link it is stands in the link; until it is read, nobody asks. */
const nobody: Caller = { principal: { kind: 'user', name: '' }, scopes: [] };

/** What the face for the links of notices asks of, over a store. */
export function openLinkPages(changing: Changing, { origins, authentication, addressOf }: LinkPageOptions): NoticeApp {
  const { nowMs } = changing;
  return {
    origins,
    nowMs,
    addressOf,
    authenticate: (presented) => authentication.authenticate(presented, nowMs()),
    byLink: (secret) =>
      atMoment(changing, async (moment) => {
        const live = await liveLink(moment.tx, secret, moment.nowMs);
        if (live === undefined) return undefined;
        const caller: Caller = { principal: readPrincipal(live.link.owner), scopes: ['sign'] };
        return viewOf(moment, live.change, caller, origins.main);
      }),
    byCaller: (id, caller) =>
      atMoment(changing, async (moment) => {
        const change = await moment.tx.change(id);
        if (change === undefined || !(await mayLook(moment, caller, change))) return undefined;
        return viewOf(moment, change, caller, origins.main);
      }),
    actByLink: (secret, act) => atDesk(changing, nobody, (desk) => useNoticeLink(desk, secret, act)),
    actAsCaller: (id, seen, caller, act) =>
      atDesk(changing, caller, async (desk) => {
        const change = await findChange(desk.tx, id);
        if (!(await mayLook(desk, caller, change))) throw new Problem('change-not-found', `there is no change ${id}`);
        if (digestOf(change) !== seen)
          throw new Problem('version-conflict', `change ${id} was altered since the page was made`);
        const acted = await doAct(desk, change, act);
        return { change: id, state: acted.change.state };
      }),
  };
}
