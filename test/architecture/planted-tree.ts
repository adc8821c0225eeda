import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A small tree for a tool to look through. */
export interface PlantedTree {
  /** The repository's own configuration files that lie in it too. */
  readonly copied: readonly string[];
  /** The texts of its files, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Runs a real tool with the repository's real configuration over a tree that holds planted violations,
 * and answers all that it printed. The tree lies in `.setup/`, which git and the tools pass over.
 */
export async function runOnPlantedTree(tool: string, args: readonly string[], planted: PlantedTree): Promise<string> {
  mkdirSync(join(root, '.setup'), { recursive: true });
  const tree = mkdtempSync(join(root, '.setup/planted-'));
  try {
    for (const path of planted.copied) cpSync(join(root, path), join(tree, path));
    for (const [path, text] of Object.entries(planted.files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return await output(join(root, 'node_modules', tool), args, tree);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

// The exit code is of no interest: a tool that finds something fails, which is what is wanted here.
function output(tool: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [tool, ...args], { cwd, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
