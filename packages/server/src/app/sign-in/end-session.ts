import type { Transactions } from '../../store.ts';

/** Ends a session at its owner's wish; one that has ended already stays so. */
export async function endSession(store: Transactions, id: string, nowMs: number): Promise<void> {
  await store.write(async (transaction) => {
    const session = await transaction.credentialById(id);
    if (session?.kind !== 'session' || session.revokedAtMs !== undefined) return;
    await transaction.putCredential({ ...session, revokedAtMs: nowMs });
    const { owner } = session;
    await transaction.append({
      atMs: nowMs,
      actor: owner,
      action: 'session.ended',
      subject: `session ${id}`,
      detail: {},
    });
  });
}
