import { Problem, type ProblemCode } from '../problem.ts';

/** What is said of a request for what it asks, however often it is sent. */
const refusals: readonly ProblemCode[] = ['not-allowed', 'object-not-found', 'usage'];

/**
 * Sends all of them together, and where that is refused each by itself, so that one that is refused keeps out no other. Answers
 * what came of those that were not.
 * @param onRefused gets those that were refused by themselves, and why
 * @throws Problem where it is not them that is the trouble
 */
export async function eachAlone<T, Answer>(
  all: readonly T[],
  send: (some: readonly T[]) => Promise<Answer>,
  onRefused: (one: T, problem: Problem) => void,
): Promise<readonly Answer[]> {
  const [first, ...others] = all;
  if (first === undefined) return [];
  try {
    return [await send(all)];
  } catch (error) {
    if (!(error instanceof Problem) || !refusals.includes(error.code)) throw error;
    if (others.length === 0) {
      onRefused(first, error);
      return [];
    }
  }
  const answers: Answer[] = [];
  for (const one of all) answers.push(...(await eachAlone([one], send, onRefused)));
  return answers;
}
