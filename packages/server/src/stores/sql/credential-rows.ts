import type { Kysely } from 'kysely';
import type { Credential, CredentialQuery } from '../../credential.ts';
import { pageLimit } from './page-limit.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, toStoredBody, toStoredText } from './stored-text.ts';

type Row = Pick<Schema['credentials'], 'id' | 'document'>;

/** The credential whose `column` is `text`. */
export async function readCredential(
  db: Kysely<Schema>,
  column: 'id' | 'digest',
  text: string,
): Promise<Credential | undefined> {
  const row = await db
    .selectFrom('credentials')
    .select(['id', 'document'])
    .where(column, '=', toStoredText(text))
    .executeTakeFirst();
  return row && credential(row);
}

/** One page of credentials, by id. */
export async function readCredentials(
  db: Kysely<Schema>,
  { kind, owner, after, limit }: CredentialQuery,
): Promise<readonly Credential[]> {
  let rows = db.selectFrom('credentials').select(['id', 'document']).limit(pageLimit(limit));
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (owner !== undefined) rows = rows.where('owner', '=', toStoredText(owner));
  if (after !== undefined) rows = rows.where('id', '>', toStoredText(after));
  return (await rows.orderBy('id').execute()).map(credential);
}

/** Writes a credential, over the one with its id if there is one. */
export async function writeCredential(db: Kysely<Schema>, credential: Credential): Promise<void> {
  const row = {
    digest: toStoredText(credential.digest),
    kind: credential.kind,
    owner: toStoredText(credential.owner),
    expires_at_ms: Math.ceil(credential.expiresAtMs),
    document: toStoredBody(credential),
  };
  await db
    .insertInto('credentials')
    .values({ id: toStoredText(credential.id), ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Forgets the credentials that expired before a time. */
export async function forgetCredentials(db: Kysely<Schema>, atMs: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('credentials')
    .where('expires_at_ms', '<', Math.floor(atMs))
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

function credential({ id, document }: Row): Credential {
  return fromStoredBody(document, `credential ${id}`) as Credential;
}
