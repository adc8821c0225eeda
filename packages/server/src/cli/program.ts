import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { type Mistake, Problem } from '../problem.ts';
import { backupCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import type { Context } from './context.ts';
import { deleteCommand } from './delete.ts';
import { edgeCommand } from './edge.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { putCommand } from './put.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';

/** Runs the command line. Answers the exit code: 0, 1 for an expected failure, 2 for a command that was not understood. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<number> {
  const program = new Command('sluice')
    .description('Decides, for each client that asks, which update or feature it gets and at which rate.')
    .version(context.version.version)
    .showHelpAfterError('(sluice --help says what there is)');
  const commands = [
    serveCommand,
    edgeCommand,
    importCommand,
    putCommand,
    deleteCommand,
    exportCommand,
    explainCommand,
    checkCommand,
    backupCommand,
    restoreCommand,
  ];
  for (const make of commands) program.addCommand(make(context));
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Problem)) return tellBug(context, error);
    context.warn(`sluice: ${error.message}`);
    for (const { at, message } of untoldMistakes(error)) context.warn(`  ${at}: ${message}`);
    return error.code === 'usage' ? 2 : 1;
  }
}

/** A single mistake may stand in the sentence itself. */
function untoldMistakes({ detail, mistakes }: Problem): readonly Mistake[] {
  return mistakes.length === 1 && mistakes.every(({ message }) => detail.includes(message)) ? [] : mistakes;
}

/** What nobody expected is told as what it is, with what is needed to find it. */
function tellBug(context: Context, error: unknown): number {
  const id = randomUUID();
  context.warn(`sluice: this should not have happened; please report it with what follows (${id})`);
  context.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
