const base = 'http://here.invalid';
const home = '/sign-in';

/** Where somebody is taken after signing in: a path of this server, or the page for signing in where it is none. */
export function localPath(text: string | undefined): string {
  if (text === undefined || text.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text)) return home;
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  return url?.origin === base && !/^\/[/\\]/.test(url.pathname) ? `${url.pathname}${url.search}${url.hash}` : home;
}
