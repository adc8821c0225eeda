#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { entry } from './entry.mjs';

const { url } = entry();
if (existsSync(url)) {
  await import(url.href);
} else {
  process.stderr.write('sluice: not built yet; run npm run build\n');
  process.exitCode = 1;
}
