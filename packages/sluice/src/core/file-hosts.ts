import type { FileHost, Versioned } from './model.ts';

interface CompiledHost {
  readonly products: ReadonlySet<string>;
  readonly paths: readonly { readonly pattern: RegExp | undefined; readonly products: ReadonlySet<string> }[];
}

/** Which hosts may be named in the file URLs of which products. */
export type FileHosts = ReadonlyMap<string, CompiledHost>;

export function compileFileHosts(hosts: readonly Versioned<FileHost>[]): FileHosts {
  return new Map(
    hosts.map(({ value }) => [
      value.host,
      {
        products: new Set(value.products),
        paths: (value.paths ?? []).map(({ pattern, products }) => ({
          pattern: wholePath(pattern),
          products: new Set(products),
        })),
      },
    ]),
  );
}

/** A pattern that is no regular expression allows nothing. */
function wholePath(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

/** The host, with its port, and the path of a URL; `undefined` for what is no absolute URL. */
export function hostAndPath(url: string): { readonly host: string; readonly path: string } | undefined {
  const match = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/.exec(url);
  return match === null ? undefined : { host: match[1] ?? '', path: match[2] ?? '' };
}

/** Whether a product's files may be fetched from a URL. */
export function isAllowedUrl(hosts: FileHosts, url: string, product: string): boolean {
  const parts = hostAndPath(url);
  const host = parts && hosts.get(parts.host);
  if (parts === undefined || host === undefined) return false;
  if (host.products.has(product)) return true;
  const deciding = host.paths.find(({ pattern }) => pattern?.test(parts.path));
  return deciding?.products.has(product) ?? false;
}
