import type { IncomingMessage } from 'node:http';
import type { OpenAdminFace } from '../admin-face.ts';
import { followCurrent } from '../app/changes/current.ts';
import { makeAdministrator } from '../app/changes/make-administrator.ts';
import { makeSalt } from '../app/draw-ticket.ts';
import { forgetOld } from '../app/forget-old.ts';
import { lateStore } from '../app/late-store.ts';
import { lateWatch } from '../app/late-watch.ts';
import { openAuthentication } from '../app/sign-in/authentication.ts';
import { ensureFirstLink } from '../app/sign-in/ensure-first-link.ts';
import { identifyCaller } from '../app/sign-in/identify-caller.ts';
import { openSignIn } from '../app/sign-in/open-sign-in.ts';
import type { Config } from '../config.ts';
import type { Address } from '../http/address.ts';
import { adminOrigins } from '../http/admin-origins.ts';
import { clientAddress } from '../http/client-address.ts';
import { trustOf } from '../http/trusted-proxies.ts';
import type { OpenNode } from '../node/open-node.ts';
import type { Store } from '../store.ts';
import type { Context } from './context.ts';

/** What people and programs use, for as long as the node runs. */
export interface OpenApiFaces {
  readonly faces: readonly OpenAdminFace[];
  /** Makes the link with which the first administrator signs in; `undefined` where there is one. */
  firstLink(): Promise<string | undefined>;
  /** Sends away who listens, and waits for what is still written. */
  stop(): Promise<void>;
}

export interface ApiParts {
  readonly node: OpenNode;
  /** The store, once it is open. */
  readonly store: () => Store | undefined;
  /** Where the admin listener listens, once it does. */
  readonly listening: () => Address;
  readonly onTrouble: (error: unknown) => void;
}

/** Opens the API for a node that has a store. */
export function openApiFaces(
  context: Context,
  config: Config,
  { node, store, listening, onTrouble }: ApiParts,
): OpenApiFaces {
  const { apiFace, signInFace, nowMs, version } = context;
  const { idleMinutes, adminUrl } = config.signIn;
  const stopping = new AbortController();
  const transactions = lateStore(store);
  const authentication = openAuthentication(transactions, { idleMs: idleMinutes * 60_000, onTrouble });
  const origins = adminOrigins(adminUrl, listening);
  const trust = { isTrusted: trustOf(config.trustedProxies), header: config.forwardedHeader };
  const changing = { store: transactions, current: followCurrent(), nowMs, makeSalt };
  const addressOf = ({ socket, headers }: IncomingMessage) => clientAddress(socket.remoteAddress, headers, trust);
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
    cachesHoldSeconds: cachesHoldSeconds(config),
    watch: lateWatch(store),
    stopping: stopping.signal,
    version,
    nowMs,
  });
  const { keepAuditDays } = config;
  const keepAuditMs = keepAuditDays === undefined ? undefined : keepAuditDays * 86_400_000;
  const forgetting = forgetOld(transactions, { nowMs, keepAuditMs, onTrouble });
  return {
    faces: [
      { ...apiFace, routes: api },
      { ...signInFace, routes: signIn },
    ],
    firstLink: async () => {
      const secret = await ensureFirstLink(transactions, nowMs());
      return secret === undefined ? undefined : `${origins.main}/sign-in/link?secret=${secret}`;
    },
    async stop() {
      stopping.abort();
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
