import { z } from 'zod';
import type { OidcClientSettings, SignInApp } from '../../sign-in-app.ts';
import type { OidcClient } from './oidc-client.ts';
import { oidcKey } from './oidc-key.ts';
import { seal, unseal } from './sealed-text.ts';

/** Somebody is sent to the provider. */
export interface Departure {
  readonly url: string;
  /** What the browser keeps for us meanwhile, in a cookie. */
  readonly sealed: string;
  readonly lifeSeconds: number;
}

/** Somebody has come back from the provider. */
export type Arrival =
  | { readonly kind: 'known'; readonly user: string; readonly next: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable' };

/** The way to the provider and back. What goes wrong is in the audit log. */
export interface OidcSteps {
  /** What people call the provider. */
  readonly provider: string;
  /** `undefined` when the provider cannot be reached. */
  depart(origin: string, next: string): Promise<Departure | undefined>;
  arrive(search: string, sealed: string): Promise<Arrival>;
}

const lifeSeconds = 600;
const timeoutSeconds = 5;

/** All that is kept of somebody who is at the provider, and it is kept in the browser. */
const flow = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  next: z.string(),
  expiresAtMs: z.number(),
});

export function openOidcSteps(settings: OidcClientSettings, app: Pick<SignInApp, 'nowMs' | 'refuse'>): OidcSteps {
  let opening: Promise<OidcClient> | undefined;
  /** Loaded when the first person signs in by it, for a node need not wait for it. */
  const opened = (): Promise<OidcClient> => {
    opening ??= import('./oidc-client.ts').then(({ openOidcClient }) =>
      openOidcClient(settings, { timeoutSeconds, nowMs: app.nowMs }),
    );
    return opening;
  };
  const key = oidcKey(settings);
  return {
    provider: new URL(settings.issuer).host,
    async depart(origin, next) {
      const redirectUri = `${origin}/sign-in/callback`;
      const begun = await (await opened()).begin(redirectUri);
      if (begun.kind === 'unavailable') {
        await app.refuse({ via: 'oidc', why: begun.why });
        return undefined;
      }
      const kept: z.input<typeof flow> = {
        ...begun.flow,
        redirectUri,
        next,
        expiresAtMs: app.nowMs() + lifeSeconds * 1000,
      };
      return { url: begun.url, sealed: seal(key, kept), lifeSeconds };
    },
    async arrive(search, sealed) {
      const kept = flow.safeParse(unseal(key, sealed));
      if (!kept.success || app.nowMs() >= kept.data.expiresAtMs) {
        const why = kept.success ? 'it took too long at the provider' : 'this browser did not begin to sign in here';
        await app.refuse({ via: 'oidc', why });
        return { kind: 'refused' };
      }
      const { redirectUri, next, ...rest } = kept.data;
      const outcome = await (await opened()).finish(new URL(`${redirectUri}${search}`), rest);
      if (outcome.kind === 'known') return { ...outcome, next };
      const { kind, ...refusal } = outcome;
      await app.refuse({ via: 'oidc', ...refusal });
      return { kind };
    },
  };
}
