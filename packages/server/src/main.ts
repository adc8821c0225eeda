import type { AdminFace } from './admin-face.ts';
import type { Context, Serving } from './cli/context.ts';
import { runProgram } from './cli/program.ts';
import { loadConfig } from './config.ts';
import type { Face } from './face.ts';
import { faces } from './faces/index.ts';
import { importers } from './importers/index.ts';
import { softwareVersion } from './software-version.ts';

/** The composition root: the one file that knows every part and puts them together. */
const allFaces = faces as unknown as readonly Face[];

const context: Context = {
  faces: allFaces,
  importers,
  version: softwareVersion,
  loadConfig: (sources) => loadConfig({ ...sources, faces: allFaces }),
  openStore: async (...args) => (await import('./stores/index.ts')).openStore(...args),
  loadOutsideSignals: async () => (await import('./signals/index.ts')).outsideSignals,
  loadServing,
  nowMs: Date.now,
  print: (line) => process.stdout.write(`${line}\n`),
  warn: (line) => process.stderr.write(`${line}\n`),
};

async function loadServing(): Promise<Serving> {
  const [
    { adminFaces },
    { api },
    { signIn },
    { notice },
    { edge },
    { openSigningKey },
    { sources },
    { lockDataFolder },
    { ownSignals },
    { notifiers },
  ] = await Promise.all([
    import('./admin-faces/index.ts'),
    import('./admin-faces/api.ts'),
    import('./admin-faces/sign-in.ts'),
    import('./admin-faces/notice.ts'),
    import('./admin-faces/edge.ts'),
    import('./admin-faces/edge/signing-key.ts'),
    import('./sources/index.ts'),
    import('./stores/sqlite/data-folder-lock.ts'),
    import('./signals/index.ts'),
    import('./notifiers/index.ts'),
  ]);
  return {
    adminFaces: adminFaces as unknown as readonly AdminFace[],
    apiFace: api,
    signInFace: signIn,
    noticeFace: notice,
    edgeFace: edge,
    openSigningKey,
    ownSignals,
    notifiers,
    storeSource: sources.store,
    edgeSource: sources.edge,
    lockDataFolder: async ({ data }) => lockDataFolder(data, process.pid),
  };
}

/** Whoever reads the output may stop before its end, as `head` does, and its disk may be full; what is done is done all the same. */
const isBearable = (code: string | undefined) => ['EPIPE', 'ENOSPC', 'EIO'].includes(code ?? '');
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!isBearable(error.code)) throw error;
  });
}

process.exitCode = await runProgram(context, process.argv.slice(2));
