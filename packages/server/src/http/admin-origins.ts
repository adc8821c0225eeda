import { type Address, addressText } from './address.ts';
import { isLoopbackHost } from './loopback-host.ts';

/** Under which names browsers may use the admin listener. */
export interface AdminOrigins {
  /** What people call it, for addresses that are handed out: an origin, without a slash at its end. */
  readonly main: string;
  /** Whether it is reached over TLS, so that cookies never travel without. */
  readonly isSecure: boolean;
  /** Whether an `Origin` header names it. */
  has(origin: string): boolean;
}

/**
 * The configured origin and no other; without one, this machine's own names with the port that is listened on, which is
 * known when the listener is open. What the `Host` header says does not count: a page of somebody else can choose that.
 */
export function adminOrigins(adminUrl: string | undefined, listening: () => Address): AdminOrigins {
  if (adminUrl !== undefined)
    return { main: adminUrl, isSecure: adminUrl.startsWith('https:'), has: (origin) => origin === adminUrl };
  const own = (): readonly string[] => {
    const { port } = listening();
    const { hostname } = new URL(`http://${addressText(listening())}`);
    const names = [...(isLoopbackHost(hostname) ? [hostname] : []), '127.0.0.1', 'localhost', '[::1]'];
    return names.map((name) => new URL(`http://${name}:${port}`).origin);
  };
  return {
    get main() {
      return own()[0] ?? '';
    },
    isSecure: false,
    has: (origin) => own().includes(origin),
  };
}
