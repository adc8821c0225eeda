import type { ListedChain, ShownChain } from './shown-chain.ts';

/** A chain with its steps: what each does, how it stands and when it can be; what comes next, and what is left if it is stopped. */
export function chainLines(chain: ShownChain): readonly string[] {
  const { id, state, version, reason, proposer, current, waitsFor = [], expectedAt, ifStopped = [], problem } = chain;
  const isOver = current === undefined;
  return [
    `chain ${id} is ${state} (version ${version}): ${reason} (proposed by ${proposer})`,
    ...(problem === undefined ? [] : [`  it was not enacted: ${problem.detail}`]),
    ...chain.steps.map(stepLine),
    ...(isOver ? [] : [`  next       step ${current}${expectedAt === undefined ? '' : `, expected at ${expectedAt}`}`]),
    ...waitsFor.map((what) => `  waits for  ${what}`),
    ...ifStopped.map(({ says }) => (isOver ? `  now        ${says}` : `  if stopped ${says}`)),
  ];
}

function stepLine({ what, earliestAt, change }: ShownChain['steps'][number]): string {
  const { id, state, end, facts, conflicts, chain, reason } = change;
  const missing = (facts?.required ?? [])
    .filter(({ count, signedBy }) => signedBy.length < count)
    .map(({ role, count, signedBy }) => `${count - signedBy.length} of ${count} sign-offs as ${role} missing`);
  const said = [
    `change ${id}`,
    ...(end === undefined ? [] : [`at ${end.at}${end.reason === '' ? '' : `: ${end.reason}`}`]),
    ...(earliestAt === undefined ? [] : [`not before ${earliestAt}`]),
    ...missing,
    ...(conflicts.length > 0 ? ['in conflict'] : []),
  ];
  return `  step ${String(chain?.step ?? '').padEnd(5)} ${state.padEnd(8)}  ${what ?? reason}  (${said.join('; ')})`;
}

/** A chain in one line of a list. */
export function listedChainLine({ id, state, reason, proposer, of, enacted }: ListedChain): string {
  return `${String(id).padStart(6)}  ${state.padEnd(8)}  ${proposer}: ${reason}  (${enacted} of ${of} steps enacted)`;
}
