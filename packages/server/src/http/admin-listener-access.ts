import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AdminEnv } from '../admin-face.ts';
import { Problem } from '../problem.ts';
import { addressText } from './address.ts';
import { problemResponse } from './admin-listener-problem.ts';

export interface AdminAccessOptions {
  /** The host on which the listener was told to listen; requests may be addressed to it. */
  readonly host: string;
  readonly token: string | undefined;
}

/**
 * Lets in who sends the token, and programs on this machine. A browser on this machine that was led here under another
 * name (DNS rebinding) is none of them, nor is what a proxy on this machine passes on.
 */
export function adminAccess({ host, token }: AdminAccessOptions): MiddlewareHandler<AdminEnv> {
  const wanted = token === undefined ? undefined : digest(token);
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', hostOf(addressText({ host, port: 0 }))]);
  return async (c, next) => {
    const sent = bearerToken(c.req.header('authorization'));
    if (sent !== undefined && wanted !== undefined && timingSafeEqual(digest(sent), wanted)) return next();
    const isHere =
      sent === undefined &&
      isLoopback(c.env.incoming.socket.remoteAddress) &&
      c.req.header('forwarded') === undefined &&
      c.req.header('x-forwarded-for') === undefined;
    if (!isHere) return tokenNeeded(wanted !== undefined);
    const asked = c.req.header('host');
    if (asked !== undefined && hosts.has(hostOf(asked))) return next();
    return problemResponse(new Problem('host-not-allowed', `this listener is not called ${asked ?? 'so'}`));
  };
}

function tokenNeeded(hasToken: boolean): Response {
  const detail = hasToken
    ? 'send it as Authorization: Bearer TOKEN'
    : 'this node has no admin token, so only programs on its own machine may ask';
  const response = problemResponse(new Problem('admin-token-needed', detail));
  response.headers.set('WWW-Authenticate', 'Bearer realm="sluice admin"');
  return response;
}

function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
}

/** Digests are of one length, so that comparing them tells nothing of the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostOf(text: string): string {
  return text.toLowerCase().replace(/\.?(:\d*)?$/, '');
}

function isLoopback(peer: string | undefined): boolean {
  return peer !== undefined && /^(::ffff:)?127\.|^::1$/.test(peer);
}
