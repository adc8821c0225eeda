import type { AdminFace } from './admin-face.ts';
import { api } from './admin-faces/api.ts';
import { openSigningKey } from './admin-faces/edge/signing-key.ts';
import { edge } from './admin-faces/edge.ts';
import { adminFaces } from './admin-faces/index.ts';
import { signIn } from './admin-faces/sign-in.ts';
import type { Context } from './cli/context.ts';
import { runProgram } from './cli/program.ts';
import { loadConfig } from './config.ts';
import type { Face } from './face.ts';
import { faces } from './faces/index.ts';
import { importers } from './importers/index.ts';
import { softwareVersion } from './software-version.ts';
import { sources } from './sources/index.ts';
import { openStore } from './stores/index.ts';
import { lockDataFolder } from './stores/sqlite/data-folder-lock.ts';

/** The composition root: the one file that knows every part and puts them together. */
const allFaces = faces as unknown as readonly Face[];

const context: Context = {
  faces: allFaces,
  adminFaces: adminFaces as unknown as readonly AdminFace[],
  importers,
  version: softwareVersion,
  loadConfig: (sources) => loadConfig({ ...sources, faces: allFaces }),
  openStore,
  storeSource: sources.store,
  edgeSource: sources.edge,
  edgeFace: edge,
  apiFace: api,
  signInFace: signIn,
  openSigningKey,
  lockDataFolder: async ({ data }) => lockDataFolder(data, process.pid),
  nowMs: Date.now,
  print: (line) => process.stdout.write(`${line}\n`),
  warn: (line) => process.stderr.write(`${line}\n`),
};

/** Whoever reads the output may stop before its end, as `head` does, and its disk may be full; what is done is done all the same. */
const isBearable = (code: string | undefined) => ['EPIPE', 'ENOSPC', 'EIO'].includes(code ?? '');
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!isBearable(error.code)) throw error;
  });
}

process.exitCode = await runProgram(context, process.argv.slice(2));
