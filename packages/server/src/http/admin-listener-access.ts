import type { MiddlewareHandler } from 'hono';
import type { AdminEnv } from '../admin-face.ts';
import { Problem } from '../problem.ts';
import { addressText } from './address.ts';
import { problemResponse } from './admin-listener-problem.ts';
import { bearerToken } from './bearer-token.ts';

export interface AdminAccessOptions {
  /** The host on which the listener was told to listen; requests may be addressed to it. */
  readonly host: string;
  readonly token: string | undefined;
}

/** What proxies add; a request that has any of them may be from anywhere. */
const ofProxies = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/**
 * Lets in who sends the token; where there is none, programs on this machine. A browser on this machine that was led here
 * under another name (DNS rebinding) is none of them, nor is what a proxy on this machine passes on.
 */
export function adminAccess({ host, token }: AdminAccessOptions): MiddlewareHandler<AdminEnv> {
  if (token !== undefined) {
    const isSent = bearerToken([token]);
    return async (c, next) =>
      isSent(c.req.header('authorization')) ? next() : tokenNeeded('send it as Authorization: Bearer TOKEN');
  }
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', hostOf(addressText({ host, port: 0 }))]);
  return async (c, next) => {
    const isHere =
      isLoopback(c.env.incoming.socket.remoteAddress) &&
      c.req.header('authorization') === undefined &&
      ofProxies.every((name) => c.req.header(name) === undefined);
    if (!isHere) return tokenNeeded('this node has no admin token, so only programs on its own machine may ask');
    const asked = c.req.header('host');
    if (asked !== undefined && hosts.has(hostOf(asked))) return next();
    return problemResponse(new Problem('host-not-allowed', `this listener is not called ${asked ?? 'so'}`));
  };
}

function tokenNeeded(detail: string): Response {
  const response = problemResponse(new Problem('admin-token-needed', detail));
  response.headers.set('WWW-Authenticate', 'Bearer realm="sluice admin"');
  return response;
}

function hostOf(text: string): string {
  return text.toLowerCase().replace(/\.?(:\d*)?$/, '');
}

function isLoopback(peer: string | undefined): boolean {
  return peer !== undefined && /^(::ffff:)?127\.|^::1$/.test(peer);
}
