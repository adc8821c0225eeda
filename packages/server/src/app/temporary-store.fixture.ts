import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Store } from '../store.ts';
import { openStore } from '../stores/index.ts';

/** Gives a function that opens a new, empty store in a folder of its own; what is still open after a test is closed. */
export function temporaryStores(): () => Promise<Store> {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  return async () => {
    const data = mkdtempSync(join(tmpdir(), 'sluice-app-'));
    undo.push(async () => rmSync(data, { recursive: true }));
    const store = await openStore({ data });
    undo.push(() => store.close());
    return store;
  };
}
