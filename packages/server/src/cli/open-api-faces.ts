import type { IncomingMessage } from 'node:http';
import type { OpenAdminFace } from '../admin-face.ts';
import { followCurrent } from '../app/changes/current.ts';
import type { Changing } from '../app/changes/desk.ts';
import { makeAdministrator } from '../app/changes/make-administrator.ts';
import { makeSalt } from '../app/draw-ticket.ts';
import { forgetOld } from '../app/forget-old.ts';
import { lateStore } from '../app/late-store.ts';
import { lateWatch } from '../app/late-watch.ts';
import { openLinkPages } from '../app/notices/link-pages.ts';
import { renderNotice } from '../app/notices/render-notice.ts';
import { type NoticeReading, sendNotices } from '../app/notices/send-notices.ts';
import { openAuthentication } from '../app/sign-in/authentication.ts';
import { identifyCaller } from '../app/sign-in/identify-caller.ts';
import { openSignIn } from '../app/sign-in/open-sign-in.ts';
import { waitForFirstLink } from '../app/sign-in/wait-for-first-link.ts';
import type { Config } from '../config.ts';
import type { Address } from '../http/address.ts';
import { adminOrigins } from '../http/admin-origins.ts';
import { clientAddress } from '../http/client-address.ts';
import { followTrust } from '../http/follow-trust.ts';
import type { OpenNode } from '../node/open-node.ts';
import { openOutside } from '../outside/open-outside.ts';
import type { Store } from '../store.ts';
import type { Context, Serving } from './context.ts';

/** What people and programs use, for as long as the node runs. */
export interface OpenApiFaces {
  readonly faces: readonly OpenAdminFace[];
  /**
   * Makes the link with which the first administrator signs in, as soon as the database is there; `undefined` where there is
   * an administrator, or when it cannot be made, which is told as trouble.
   */
  firstLink(): Promise<string | undefined>;
  /** What changes are made with. */
  readonly changing: Changing;
  /** How notices stand. */
  notices(): NoticeReading;
  /** Sends away who listens, so that the listener can close. */
  stop(): void;
  /** Asks nothing more of the store, and waits for what is still written. */
  end(): Promise<void>;
}

export interface ApiParts {
  readonly node: OpenNode;
  /** The store, once it is open. */
  readonly store: () => Store | undefined;
  /** Where the admin listener listens, once it does. */
  readonly listening: () => Address;
  /** Gets what went wrong beside the requests, and a sentence on what was being done. */
  readonly onTrouble: (error: unknown, sentence: string) => void;
}

/** Opens the API for a node that has a store. */
export function openApiFaces(
  context: Pick<
    Context & Serving,
    'apiFace' | 'signInFace' | 'noticeFace' | 'ownSignals' | 'notifiers' | 'nowMs' | 'version'
  >,
  config: Config,
  { node, store, listening, onTrouble }: ApiParts,
): OpenApiFaces {
  const { apiFace, signInFace, noticeFace, ownSignals, notifiers, nowMs, version } = context;
  const { idleMinutes, adminUrl } = config.signIn;
  const stopping = new AbortController();
  let isOver = false;
  const transactions = lateStore(store, () => isOver);
  const authentication = openAuthentication(transactions, {
    idleMs: idleMinutes * 60_000,
    onTrouble: (error) => onTrouble(error, 'when a token or session was used could not be written down'),
  });
  const origins = adminOrigins(adminUrl, listening);
  const trust = followTrust(node.config);
  const changing = { store: transactions, current: followCurrent(), nowMs, makeSalt, ownSignals };
  const addressOf = ({ socket, headers }: IncomingMessage) => clientAddress(socket.remoteAddress, headers, trust());
  const signIn = signInFace.open(
    openSignIn(transactions, {
      settings: config.signIn,
      origins,
      authentication,
      makeAdmin: makeAdministrator(changing),
      addressOf,
      nowMs,
    }),
  );
  const api = apiFace.open({
    changing,
    identify: identifyCaller({ authentication, origins, nowMs }),
    addressOf,
    rate: config.api,
    origin: () => origins.main,
    preview: node.preview,
    get cachesHoldSeconds() {
      return cachesHoldSeconds(node.config());
    },
    watch: lateWatch(store),
    stopping: stopping.signal,
    version,
    nowMs,
  });
  const { keepAuditDays: audit, keepCountsDays: counts, keepReadingsDays: readings, keepNoticesDays: notices } = config;
  const forgetting = forgetOld(transactions, {
    nowMs,
    days: { audit, counts, readings, notices },
    onTrouble: (error) => onTrouble(error, 'what is too old could not be removed from the database'),
  });
  const sending = sendNotices({
    changing,
    notifiers,
    render: (desk, notice) =>
      renderNotice(desk, notice, {
        origin: origins.main,
        instance: config.instance,
        ...(config.mail?.personalLinks && { keepLink: (link) => desk.tx.putCredential(link) }),
      }),
    sending: { outside: openOutside(config), mail: config.mail },
    onTrouble,
  });
  return {
    faces: [
      { ...apiFace, routes: api },
      { ...signInFace, routes: signIn },
      { ...noticeFace, routes: noticeFace.open(openLinkPages(changing, { origins, authentication, addressOf })) },
    ],
    async firstLink() {
      try {
        const secret = await waitForFirstLink(transactions, { nowMs, signal: stopping.signal });
        return secret === undefined ? undefined : `${origins.main}/sign-in/link?secret=${secret}`;
      } catch (error) {
        onTrouble(error, 'the link for the first administrator could not be made');
        return undefined;
      }
    },
    changing,
    notices: () => sending.reading(),
    stop: () => stopping.abort(),
    async end() {
      await sending.stop();
      isOver = true;
      await forgetting.stop();
      await authentication.settle();
    },
  };
}

function cachesHoldSeconds({ faces }: Config): number {
  const seconds = Object.values(faces).map(
    (settings) => (settings as { readonly maxAgeSeconds?: number }).maxAgeSeconds ?? 0,
  );
  return Math.max(0, ...seconds);
}
