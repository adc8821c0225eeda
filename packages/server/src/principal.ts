/** Who asks for something. `local` is whoever may run commands beside the database; the operating system vouches for them. */
export interface Principal {
  readonly kind: 'user' | 'service-account' | 'local';
  readonly name: string;
}

/** A principal as one text, as history and audit keep it: `user:ada@example.org`. */
export function principalText({ kind, name }: Principal): string {
  return `${kind}:${name}`;
}

/** The reverse of `principalText`; a text without a known kind is a local user's, as commits were signed before there were principals. */
export function readPrincipal(text: string): Principal {
  const found = /^(user|service-account|local):([\s\S]*)$/.exec(text);
  if (found === null) return { kind: 'local', name: text };
  return { kind: found[1] as Principal['kind'], name: found[2] ?? '' };
}
