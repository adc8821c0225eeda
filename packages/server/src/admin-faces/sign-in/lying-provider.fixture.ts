import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider says that it should not; absent for the truth. */
export interface Lies {
  /** Alters the claims of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What it says at its userinfo endpoint; without it there is no such endpoint. */
  readonly userinfo?: Readonly<Record<string, unknown>>;
  readonly isSignedByAnother?: boolean;
  readonly isUnsigned?: boolean;
  readonly hasNoIdToken?: boolean;
  /** Instead of the right answer of the token endpoint. */
  readonly token?: { readonly status: number; readonly type?: string; readonly body: string };
  /** Answers for the token, or for its metadata, never. */
  readonly isSilentAt?: '/token' | '/.well-known/openid-configuration';
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A provider whose every answer can be made wrong. */
export interface LyingProvider {
  readonly issuer: string;
  lies: Lies;
  /** What came to the token endpoint, oldest first. */
  readonly exchanges: { readonly body: URLSearchParams; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Opens one on a free port of the loopback. Everybody who comes is let through at once. */
export async function openLyingProvider(clientId: string): Promise<LyingProvider> {
  const [right, wrong] = [pair(), pair()];
  const nonces = new Map<string, string>();
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: LyingProvider = {
    issuer,
    lies: {},
    exchanges: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { lies } = provider;
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    const json = (body: unknown, status = 200, type = 'application/json') =>
      response.writeHead(status, { 'Content-Type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
    let sent = '';
    for await (const part of request) sent += String(part);
    if (lies.isSilentAt === pathname) return;
    if (pathname === '/.well-known/openid-configuration') json({ ...metadata(lies), ...lies.metadata });
    else if (pathname === '/jwks')
      json({ keys: [{ ...right.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] });
    else if (pathname === '/authorize') {
      const code = `code-${nonces.size}`;
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      response.writeHead(302, { Location: back.href }).end();
    } else if (pathname === '/token') {
      const body = new URLSearchParams(sent);
      provider.exchanges.push({ body, authorization: request.headers.authorization });
      if (lies.token !== undefined) json(lies.token.body, lies.token.status, lies.token.type);
      else json({ access_token: 'a', token_type: 'Bearer', expires_in: 60, ...idToken(body.get('code') ?? '') });
    } else if (pathname === '/userinfo' && lies.userinfo !== undefined) json({ sub: 'ada', ...lies.userinfo });
    else json({}, 404);
  }

  function metadata({ userinfo }: Lies): object {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
      ...(userinfo === undefined ? {} : { userinfo_endpoint: `${issuer}/userinfo` }),
    };
  }

  function idToken(code: string): object {
    const { hasNoIdToken, isUnsigned, isSignedByAnother, claims } = provider.lies;
    if (hasNoIdToken === true) return {};
    const now = Math.floor(Date.now() / 1000);
    const truth = { iss: issuer, aud: clientId, sub: 'ada', iat: now, exp: now + 60, nonce: nonces.get(code) };
    const payload = { ...truth, email: 'ada@example.org', email_verified: true, ...claims };
    if (isUnsigned === true) return { id_token: `${part({ alg: 'none' })}.${part(payload)}.` };
    return { id_token: signed(payload, isSignedByAnother === true ? wrong.privateKey : right.privateKey) };
  }

  return provider;
}

function signed(payload: object, key: KeyObject): string {
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
