import { conditionText } from '../../app/conditions/condition-text.ts';
import { differenceLines } from '../difference-lines.ts';
import type { ListedChange, ShownChange, ShownFacts } from '../shown-change.ts';

/** How a change stands, in a line, and below it what it waits for. */
export function changeLines(change: ShownChange): readonly string[] {
  const { id, state, version, end, facts, conflicts, problem } = change;
  const ended = end === undefined ? '' : ` by ${end.by} at ${end.at}${end.reason === '' ? '' : `: ${end.reason}`}`;
  const revision = end?.revision === undefined ? '' : `; revision ${end.revision}`;
  return [
    end === undefined
      ? `change ${id} is ${state} (version ${version})`
      : `change ${id} is ${state}${revision || ended}`,
    ...(problem === undefined ? [] : [`  it was not enacted: ${problem.detail}`]),
    ...conflicts.map(
      ({ kind, name, paths, change: other }) =>
        `  in conflict: ${other === undefined ? 'somebody' : `change ${other}`} altered ${kind} ${name}${paths.join(', ').replace(/^(?=.)/, ' ')} too`,
    ),
    ...(state === 'pending' || state === 'draft' ? waitLines(facts) : []),
  ];
}

function waitLines(facts: ShownFacts | undefined): readonly string[] {
  if (facts === undefined) return [];
  const { required, isPast, leaves, freezes } = facts;
  return [
    ...(isPast ? ['  its time has passed: it cannot be enacted any more'] : []),
    ...required
      .filter(({ count, signedBy }) => signedBy.length < count)
      .map(
        ({ role, count, signedBy, policies }) =>
          `  waits for ${count - signedBy.length} of ${count} sign-offs as ${role} (policy ${policies.join(', ')})`,
      ),
    ...leaves
      .filter(({ truth }) => truth !== 'true')
      .map(({ says, truth }) => `  waits for ${says}${truth === 'unknown' ? ' (unknown)' : ''}`),
    ...(freezes ?? []).map(({ name, until, reason }) => `  held by freeze ${name} until ${until}: ${reason}`),
  ];
}

/** Everything about a change: what it does, why, when, who has signed. */
export function wholeChangeLines(change: ShownChange): readonly string[] {
  const { reason, proposer, priority, condition, createdAt, signOffs, reverts, chain, edits, facts, end } = change;
  const [first = '', ...waits] = changeLines(change);
  return [
    first,
    `  why        ${reason}`,
    `  proposed   by ${proposer} at ${createdAt}`,
    `  when       ${conditionText(condition)}${facts?.dueAt === undefined ? '' : `, which is ${facts.dueAt}`}`,
    ...(priority === 0 ? [] : [`  priority   ${priority}`]),
    ...(reverts === undefined ? [] : [`  reverts    change ${reverts}`]),
    ...(chain === undefined ? [] : [`  chain      step ${chain.step} of ${chain.of} of chain ${chain.id}`]),
    ...signOffs.map(({ user, role, at }) => `  signed     by ${user} as ${role} at ${at}`),
    ...(end === undefined
      ? []
      : [`  ended      by ${end.by} at ${end.at}${end.reason === '' ? '' : `: ${end.reason}`}`]),
    ...waits,
    ...(facts === undefined
      ? edits.map(({ op, kind, name, madeVersion }) => {
          const made = madeVersion === undefined ? '' : `, which made version ${madeVersion}`;
          return `  ${op} ${kind} ${name}${made}`;
        })
      : facts.objects.flatMap((object) => differenceLines(object).map((line) => `  ${line}`))),
  ];
}

/** A change in one line of a list. */
export function listedChangeLine(change: ListedChange): string {
  const { id, state, reason, proposer, condition, objects, conflicts, chain } = change;
  const [first, ...others] = objects;
  const what = first === undefined ? '' : `${first.op} ${first.kind} ${first.name}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const when = 'now' in condition ? '' : `; ${conditionText(condition)}`;
  const clash = conflicts.length === 0 ? '' : '; in conflict';
  const step = chain === undefined ? '' : `; step ${chain.step} of ${chain.of} of chain ${chain.id}`;
  return `${String(id).padStart(6)}  ${state.padEnd(8)}  ${proposer}: ${reason}  (${what}${more}${when}${step}${clash})`;
}
