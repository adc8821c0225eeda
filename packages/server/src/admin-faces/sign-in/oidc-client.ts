import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { OidcClientSettings } from '../../sign-in-app.ts';
import { nameIn } from './name-in.ts';
import { troubleOf } from './oidc-trouble.ts';

/** What must be known again when somebody comes back from the provider. */
export interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What came of it. Why something was refused is for the audit log. */
export type OidcOutcome =
  | { readonly kind: 'known'; readonly user: string }
  | { readonly kind: 'refused'; readonly why: string; readonly user?: string }
  | { readonly kind: 'unavailable'; readonly why: string };

/** Talks with the provider of sign-in. Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 for the verifier. */
export interface OidcClient {
  /** Where a browser is sent, and what must be kept until it is back. */
  begin(
    redirectUri: string,
  ): Promise<
    { readonly kind: 'begun'; readonly url: string; readonly flow: OidcFlow } | (OidcOutcome & { kind: 'unavailable' })
  >;
  /** Who came back. `url` is the redirect URI with the query that came. */
  finish(url: URL, flow: OidcFlow): Promise<OidcOutcome>;
}

export interface OidcClientOptions {
  /** How long the provider may take for each answer. */
  readonly timeoutSeconds: number;
  readonly nowMs: () => number;
}

/** How long what the provider says about itself is believed. */
const metadataMs = 3_600_000;

/** Opens a client, which asks the provider for nothing until somebody wants to sign in. */
export function openOidcClient(settings: OidcClientSettings, { timeoutSeconds, nowMs }: OidcClientOptions): OidcClient {
  let known: { readonly atMs: number; readonly provider: Promise<Configuration> } | undefined;

  function provider(): Promise<Configuration> {
    if (known !== undefined && nowMs() - known.atMs < metadataMs) return known.provider;
    const asked = { atMs: nowMs(), provider: discover(settings, timeoutSeconds) };
    known = asked;
    asked.provider.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.provider;
  }

  return {
    async begin(redirectUri) {
      const flow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      try {
        const url = buildAuthorizationUrl(await provider(), {
          redirect_uri: redirectUri,
          scope: settings.scopes,
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        });
        if (!/^https?:$/.test(url.protocol)) return { kind: 'unavailable', why: 'its address for people is no HTTP' };
        return { kind: 'begun', url: url.href, flow };
      } catch (error) {
        return { kind: 'unavailable', why: troubleOf(error).why };
      }
    },
    async finish(url, { state, nonce, verifier }) {
      try {
        const configuration = await provider();
        const checks = {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        };
        const tokens = await authorizationCodeGrant(configuration, url, checks);
        const claims = tokens.claims();
        if (claims === undefined) return { kind: 'refused', why: 'the provider sent no ID token' };
        const found = nameIn(claims, settings);
        if (found.kind !== 'absent') return found;
        // Many providers say more of a person there than in the ID token.
        if (configuration.serverMetadata().userinfo_endpoint === undefined) return { kind: 'refused', why: found.why };
        const more = nameIn(await fetchUserInfo(configuration, tokens.access_token, claims.sub), settings);
        return more.kind === 'absent' ? { kind: 'refused', why: more.why } : more;
      } catch (error) {
        return troubleOf(error);
      }
    },
  };
}

function discover(settings: OidcClientSettings, timeout: number): Promise<Configuration> {
  const issuer = new URL(settings.issuer);
  // The settings let plain HTTP pass for this machine only.
  const execute = [enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : [])];
  return discovery(issuer, settings.clientId, undefined, clientAuth(settings), { execute, timeout });
}

/** In the way that the provider knows; in the header where it says nothing. Source: OpenID Connect Core 1.0, section 9. */
function clientAuth({ clientSecret }: OidcClientSettings): ClientAuth {
  if (clientSecret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(clientSecret), ClientSecretPost(clientSecret)];
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const way = ways.includes('client_secret_basic') || !ways.includes('client_secret_post') ? basic : post;
    way(server, ...rest);
  };
}
