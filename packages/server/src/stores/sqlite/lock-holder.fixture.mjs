// Locks the data folder in its argument and holds the lock for ever, or prints the code and the detail of the refusal.
import { lockDataFolder } from '../../../dist/stores/sqlite/data-folder-lock.js';

try {
  lockDataFolder(process.argv[2], process.pid);
  console.log('held');
  setInterval(() => globalThis.gc?.(), 10);
} catch ({ code, detail }) {
  console.log(JSON.stringify({ code, detail }));
}
