import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { orExit, setUp } from './set-up.mjs';
import { root } from './tools.mjs';

orExit(setUp);

// The server runs in this very process, so that a signal sent to it arrives.
process.argv = [process.execPath, 'sluice', 'serve', '--sample', ...process.argv.slice(2)];
await import(pathToFileURL(join(root, 'packages/server/dist/main.js')).href);
