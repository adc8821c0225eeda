// Locks the data folder in its argument and holds the lock for ever, or prints the code and the detail of the refusal.
import { writeSync } from 'node:fs';
import { lockDataFolder } from '../../../dist/stores/sqlite/data-folder-lock.js';

try {
  lockDataFolder(process.argv[2], process.pid);
  writeSync(1, 'held\n');
  setInterval(() => globalThis.gc?.(), 10);
} catch ({ code, detail }) {
  writeSync(1, JSON.stringify({ code, detail }));
}
