import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { type Mistake, Problem } from '../problem.ts';
import { agentCommand } from './agent.ts';
import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { chainCommand } from './chain.ts';
import { changeCommand } from './change.ts';
import { checkCommand } from './check.ts';
import type { Context } from './context.ts';
import { deleteCommand } from './delete.ts';
import { edgeCommand } from './edge.ts';
import type { End } from './end.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { historyCommand } from './history.ts';
import { importCommand } from './import.ts';
import { noticesCommand } from './notices.ts';
import { planCommand } from './plan.ts';
import { previewCommand } from './preview.ts';
import { putCommand } from './put.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';
import { signInLinkCommand } from './sign-in-link.ts';
import { signalCommand } from './signal.ts';
import { stopCommand } from './stop.ts';
import { tokenCommand } from './token.ts';
import { whyCommand } from './why.ts';

/** Runs the command line. Answers the exit code: 0, 1 for an expected failure, 2 for a command that was not understood. */
export async function runProgram(context: Context, argv: readonly string[]): Promise<number> {
  const program = new Command('sluice')
    .description('Decides, for each client that asks, which update or feature it gets and at which rate.')
    .version(context.version.version)
    .showHelpAfterError('(sluice --help says what there is)')
    // What stands behind a command is the command's: `sluice stop PRODUCT --version 2.0` does not ask for ours.
    .enablePositionalOptions();
  const commands = [
    serveCommand,
    edgeCommand,
    agentCommand,
    importCommand,
    putCommand,
    deleteCommand,
    exportCommand,
    explainCommand,
    checkCommand,
    backupCommand,
    restoreCommand,
    changeCommand,
    chainCommand,
    stopCommand,
    showCommand,
    historyCommand,
    whyCommand,
    noticesCommand,
    previewCommand,
    signalCommand,
    planCommand,
    applyCommand,
    auditCommand,
    tokenCommand,
    signInLinkCommand,
  ];
  let ending: 0 | 1 | 2 = 0;
  const end: End = (code) => {
    ending = code;
  };
  for (const make of commands) program.addCommand(make(context, end));
  overrideExits(program);
  // Where 2 says that something differs, it must not say that the command was not understood.
  const misunderstood = argv[0] === 'plan' ? 1 : 2;
  try {
    await program.parseAsync(argv, { from: 'user' });
    return ending;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misunderstood;
    if (!(error instanceof Problem)) return tellBug(context, error);
    context.warn(`sluice: ${error.message}`);
    for (const { at, message } of untoldMistakes(error))
      context.warn(at === '' ? `  ${message}` : `  ${at}: ${message}`);
    return error.code === 'usage' ? misunderstood : 1;
  }
}

function overrideExits(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) overrideExits(inner);
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
