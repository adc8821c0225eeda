import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followCurrent } from '../../app/changes/current.ts';
import { makeAdministrator } from '../../app/changes/make-administrator.ts';
import { makeSalt } from '../../app/draw-ticket.ts';
import { openAuthentication } from '../../app/sign-in/authentication.ts';
import { openSignIn } from '../../app/sign-in/open-sign-in.ts';
import { openAdminListener } from '../../http/admin-listener.ts';
import { adminOrigins } from '../../http/admin-origins.ts';
import type { Authenticated } from '../../sign-in-app.ts';
import { signInSettings } from '../../sign-in-settings.ts';
import type { Store } from '../../store.ts';
import { openStore } from '../../stores/index.ts';
import { signIn } from '../sign-in.ts';

export const clientId = 'sluice';
export const clientSecret = 'a client secret of these tests & more';

/** An admin listener at which people can sign in, over an embedded database. */
export interface SignInNode {
  readonly url: string;
  readonly store: Store;
  readonly bugs: readonly unknown[];
  /** From where whoever asks next comes. */
  address: string;
  /** How much later it is than the clock says. */
  aheadMs: number;
  authenticate(cookie: string | undefined): Promise<Authenticated | undefined>;
  close(): Promise<void>;
}

export interface SignInNodeOptions {
  readonly issuer?: string;
  readonly adminUrl?: string;
  readonly oidc?: Readonly<Record<string, unknown>>;
  /** Another node's, for two nodes over one database. */
  readonly store?: Store;
}

/** Opens one on a free port of the loopback. */
export async function openSignInNode({
  issuer,
  adminUrl,
  oidc,
  store: shared,
}: SignInNodeOptions = {}): Promise<SignInNode> {
  const data = mkdtempSync(join(tmpdir(), 'sluice-sign-in-'));
  const store = shared ?? (await openStore({ data }));
  const provider = issuer === undefined ? {} : { oidc: { issuer, clientId, clientSecret, ...oidc } };
  const settings = signInSettings.parse({ adminUrl, ...provider });
  const bugs: unknown[] = [];
  const state = { address: '192.0.2.1', aheadMs: 0 };
  const nowMs = () => Date.now() + state.aheadMs;
  const idleMs = settings.idleMinutes * 60_000;
  const authentication = openAuthentication(store, { idleMs, onTrouble: (error) => void bugs.push(error) });
  let listening = { host: '127.0.0.1', port: 0 };
  const app = openSignIn(store, {
    settings,
    origins: adminOrigins(settings.adminUrl, () => listening),
    authentication,
    makeAdmin: makeAdministrator({ current: followCurrent(), nowMs, makeSalt }),
    addressOf: () => state.address,
    nowMs,
  });
  const listener = await openAdminListener(listening, {
    faces: [{ authorisation: signIn.authorisation, routes: signIn.open(app) }],
    onBug: (_, bug) => void bugs.push(bug),
  });
  listening = listener;
  return {
    url: `http://127.0.0.1:${listener.port}`,
    store,
    bugs,
    get address() {
      return state.address;
    },
    set address(address) {
      state.address = address;
    },
    get aheadMs() {
      return state.aheadMs;
    },
    set aheadMs(ms) {
      state.aheadMs = ms;
    },
    authenticate: (cookie) => authentication.authenticate({ cookie }, nowMs()),
    async close() {
      await listener.close(200);
      await authentication.settle();
      if (shared === undefined) await store.close();
      rmSync(data, { recursive: true });
    },
  };
}
