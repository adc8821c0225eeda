import { expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { lateStore } from './late-store.ts';
import { temporaryStores } from './temporary-store.fixture.ts';

const openStore = temporaryStores();

test('what finds the store closed, because it had to wait, is told that the node stops', async () => {
  const store = await openStore();
  let isOver = false;
  const late = lateStore(
    () => store,
    () => isOver,
  );
  await store.close();
  const [read, written] = [late.read((view) => view.auditHead()), late.write(async () => 'done')];
  isOver = true;
  for (const asked of [read, written])
    await expect(asked).rejects.toMatchObject({ code: 'store-unavailable', detail: 'this node stops' });
});

test('a store that is closed for no reason is a bug', async () => {
  const store = await openStore();
  await store.close();
  const late = lateStore(() => store);
  await expect(late.read((view) => view.auditHead())).rejects.not.toBeInstanceOf(Problem);
});

test('a store is asked from when it is open until the node is over', async () => {
  const store = await openStore();
  const state = { isOpen: false, isOver: false };
  const late = lateStore(
    () => (state.isOpen ? store : undefined),
    () => state.isOver,
  );
  const head = () => late.read((view) => view.auditHead());
  const nothing = () => late.write(async () => 'done');
  const away = { code: 'store-unavailable' };
  await expect(head()).rejects.toMatchObject(away);
  state.isOpen = true;
  expect(await head()).toMatchObject({ seq: 0 });
  expect(await nothing()).toBe('done');
  state.isOver = true;
  for (const ask of [head, nothing]) await expect(ask()).rejects.toMatchObject({ ...away, detail: 'this node stops' });
});
