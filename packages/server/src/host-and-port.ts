/** A host as it stands in a URL (an IPv6 address in brackets) and its port, which may not be said. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number | undefined;
}

/** Reads `HOST` or `HOST:PORT`; the host comes out as a URL has it: in lower case, in ASCII, an address in its usual form. */
export function hostAndPort(text: string): HostAndPort | undefined {
  const [, written, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? undefined : Number(port);
  if (written === undefined || (number !== undefined && (number < 1 || number > 65_535))) return undefined;
  const url = `https://${written}/`;
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/.test(hostname) ? { host: hostname, port: number } : undefined;
}
