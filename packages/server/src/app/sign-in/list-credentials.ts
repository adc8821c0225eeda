import type { ApiToken, CredentialQuery, NoticeLink, Session, SignInLink } from '../../credential.ts';
import type { Transactions } from '../../store.ts';

/** A credential as people may see it: nothing that lets anybody in. */
export type ShownCredential =
  | Omit<Session, 'digest' | 'csrf'>
  | Omit<ApiToken, 'digest'>
  | Omit<SignInLink, 'digest'>
  | Omit<NoticeLink, 'digest'>;

/** A page of tokens, sessions and links, by id. */
export async function listCredentials(
  store: Transactions,
  query: CredentialQuery,
): Promise<readonly ShownCredential[]> {
  const found = await store.read((view) => view.credentials(query));
  return found.map((credential) => {
    if (credential.kind === 'session') {
      const { digest: _, csrf: __, ...shown } = credential;
      return shown;
    }
    const { digest: _, ...shown } = credential;
    return shown;
  });
}
