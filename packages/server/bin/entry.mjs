import { statSync } from 'node:fs';

/**
 * The program: bundled, which starts in half the time, or as it was compiled, where the bundle is missing or older.
 */
export function entry() {
  const bundle = new URL('../bundle/main.js', import.meta.url);
  const bundledMs = timeOf(bundle);
  const compiled = ['../dist/', '../../sluice/dist/'].map(
    (folder) => new URL(`${folder}tsconfig.tsbuildinfo`, import.meta.url),
  );
  const isFresh = bundledMs !== undefined && compiled.every((notes) => (timeOf(notes) ?? 0) <= bundledMs);
  return { url: isFresh ? bundle : new URL('../dist/main.js', import.meta.url), isBundle: isFresh };
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
