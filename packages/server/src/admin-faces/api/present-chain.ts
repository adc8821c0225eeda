import type { z } from '@hono/zod-openapi';
import { chainState } from '../../app/changes/chain-state.ts';
import { followCurrent } from '../../app/changes/current.ts';
import type { Desk } from '../../app/changes/desk.ts';
import { type ExplainedChain, explainChain } from '../../app/changes/explain-chain.ts';
import type { Chain } from '../../app/changes/find-chain.ts';
import type { ActedChain } from '../../app/changes/propose-chain.ts';
import { isOpen } from '../../app/changes/transitions.ts';
import type { Answer } from './answer-once.ts';
import type { chainBody, chainList } from './chain-schemas.ts';
import { presentChange } from './present-change.ts';
import { instantOf } from './schemas.ts';
import { isVisible } from './visible-change.ts';

type Body = z.output<typeof chainBody>;

/** A chain as a list of the API holds it. */
export function presentChainHead(chain: Chain): z.output<typeof chainList>['chains'][number] {
  const { id, version, steps } = chain;
  const [first] = steps;
  const current = steps.findIndex(({ state }) => isOpen(state)) + 1;
  return {
    id,
    version,
    state: chainState(chain),
    reason: first?.reason ?? '',
    proposer: first?.proposer ?? '',
    createdAt: instantOf(first?.createdAtMs ?? 0),
    of: steps.length,
    enacted: steps.filter(({ state }) => state === 'enacted').length,
    ...(current > 0 && { current }),
  };
}

/** A chain as the API answers with it. */
export function presentChain(explained: ExplainedChain): Body {
  const { chain, steps, waitsFor, expectedAtMs, ifStopped } = explained;
  return {
    ...presentChainHead(chain),
    waitsFor: [...waitsFor],
    ...(expectedAtMs !== undefined && { expectedAt: instantOf(expectedAtMs) }),
    ifStopped: ifStopped.map((one) => ({ ...one })),
    steps: steps.map(({ change, what, facts, earliestAtMs }) => ({
      what,
      ...(earliestAtMs !== undefined && { earliestAt: instantOf(earliestAtMs) }),
      change: presentChange(change, facts),
    })),
  };
}

/** What an act left of a chain, with what is true of it now. */
export async function presentActedChain(
  desk: Desk,
  { chain, problem, warnings }: ActedChain,
  status: 200 | 201,
): Promise<Answer<Body>> {
  // A token that may only write is not told what there is.
  const isShown = chain.steps.every((step) => isVisible(desk.current, desk.caller, step));
  const body = isShown
    ? presentChain(await explainChain({ ...desk, current: await currentAfter(desk, chain) }, chain))
    : {
        ...presentChainHead(chain),
        steps: chain.steps.map((change) => ({ change: presentChange(change, undefined) })),
      };
  return {
    status,
    version: chain.version,
    body: {
      ...body,
      ...(problem !== undefined && { problem: { type: `/problems/${problem.code}`, detail: problem.detail } }),
      ...(warnings.length > 0 && { warnings: warnings.map(({ at, message }) => ({ at, detail: message })) }),
    },
  };
}

/** What is configured once the first step was enacted in the same transaction. */
async function currentAfter({ tx, current }: Desk, { steps }: Chain): Promise<Desk['current']> {
  const isNew = steps.some(({ end }) => (end?.revision ?? 0) > current.mark.revision);
  return isNew ? followCurrent()(tx) : current;
}
