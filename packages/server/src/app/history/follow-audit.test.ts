import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { StoreTransaction } from '../../store.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { followAudit } from './follow-audit.ts';

const openStore = temporaryStores();
const append = (tx: StoreTransaction) => tx.append({ atMs: 1, actor: 'local:test', action: 'test.done', detail: null });

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !isSo(); await pause(5)) {
    if (Date.now() > deadline) throw new Error('it never came');
  }
}

test('who listens hears when the log grows, by a hint or without, and not when it does not', async () => {
  const store = await openStore();
  const hints = new Set<() => void>();
  const watch = (onHint: () => void) => {
    hints.add(onHint);
    return () => void hints.delete(onHint);
  };
  let heard = 0;
  const hear = () => {
    heard += 1;
  };
  const stop = followAudit({ store, watch, everyMs: 600_000 })(hear);
  await until(() => heard === 1);
  for (let i = 0; i < 5; i++) for (const hint of hints) hint();
  await store.write(append);
  for (const hint of hints) hint();
  await until(() => heard === 2);
  for (const hint of hints) hint();
  await store.read((view) => view.auditHead());
  expect(heard).toBe(2);
  stop();
  expect(hints.size).toBe(0);

  const stopAsking = followAudit({ store, watch: () => () => {}, everyMs: 5 })(hear);
  await until(() => heard === 3);
  await store.write(append);
  await until(() => heard === 4);
  stopAsking();
});
