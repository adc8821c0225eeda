import { expect, test } from 'vitest';
import { furnish, patched, protect, user, workshopOver } from '../../app/changes/changing.fixture.ts';
import { atDesk } from '../../app/changes/desk.ts';
import { proposeChange } from '../../app/changes/propose-change.ts';
import { temporaryStores } from '../../app/temporary-store.fixture.ts';
import type { Scope } from '../../permission.ts';
import { presentActed } from './present-acted.ts';

const openStore = temporaryStores();

test('a token that may only write is not told what there is of what it alters', async () => {
  const shop = workshopOver(await openStore());
  await furnish(shop);
  await protect(shop);
  const answerTo = (scopes: readonly Scope[]) =>
    atDesk(shop.changing, { principal: user('ed'), scopes }, async (desk) => {
      const edits = [patched('rule', '10', 1, { priority: 7 })];
      const proposal = { reason: 'a test', edits, condition: { now: true }, priority: 0, draft: false } as const;
      return presentActed(desk, await proposeChange(desk, proposal), 201);
    });
  expect((await answerTo(['update'])).body.facts).toBeUndefined();
  expect((await answerTo(['update', 'read'])).body.facts?.objects).toMatchObject([{ before: { priority: 100 } }]);
});
