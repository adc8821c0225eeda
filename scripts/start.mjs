import { entry } from '../packages/server/bin/entry.mjs';
import { orExit, setUp } from './set-up.mjs';

orExit(setUp);

// The server runs in this very process, so that a signal sent to it arrives.
process.argv = [process.execPath, 'sluice', 'serve', '--sample', ...process.argv.slice(2)];
await import(entry().url.href);
