import type { Kysely } from 'kysely';
import type { Claim } from '../../claim.ts';
import { batches } from './batches.ts';
import type { Schema } from './schema.ts';
import { fromStoredBody, toStoredBody } from './stored-text.ts';

/** The claim on each of these changes that was ever claimed, by change. */
export async function readClaims(db: Kysely<Schema>, changes: readonly number[]): Promise<readonly Claim[]> {
  const found: Claim[] = [];
  for (const batch of batches([...new Set(changes)].sort((a, b) => a - b))) {
    const rows = db.selectFrom('claims').selectAll().where('change_id', 'in', batch).orderBy('change_id');
    for (const { change_id, document } of await rows.execute()) {
      found.push(fromStoredBody(document, `the claim on change ${change_id}`) as Claim);
    }
  }
  return found;
}

/** Writes a claim, over the one on its change if there is one. */
export async function writeClaim(db: Kysely<Schema>, claim: Claim): Promise<void> {
  const document = toStoredBody(claim);
  await db
    .insertInto('claims')
    .values({ change_id: claim.change, document })
    .onConflict((conflict) => conflict.column('change_id').doUpdateSet({ document }))
    .execute();
}
