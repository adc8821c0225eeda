import type { AnswerChance, NamedCount, PreviewReport, Ranking } from '../app/preview/preview-report.ts';
import type { ShownPreview } from './shown-preview.ts';

const mostExamples = 5;
const mostOfEach = 10;

/** What a preview says, for people. */
export function previewLines(preview: ShownPreview): readonly string[] {
  const { revision, at, sampled, complete, inexact, total, byProduct, byChannel, byOutcome, examples } = preview;
  return [
    `preview of ${sampled} request line${sampled === 1 ? '' : 's'} at revision ${revision}, for ${at}`,
    ...(complete ? [] : [`  time was up after ${total.lines} of them`]),
    `  ${total.differing} of ${total.lines} lines may be answered otherwise: ${rounded(total.expected)} other answers are expected, of which clients notice ${rounded(total.noticed)}`,
    ...(inexact === 0 ? [] : [`  ${inexact} lines count for less than they should: too many draws decide`]),
    ...countLines('product', byProduct),
    ...countLines('channel', byChannel),
    ...rankedLines(byOutcome, ({ from, to, expected }) => `  instead of ${from}: ${to}, ${rounded(expected)} times`),
    ...examples
      .slice(0, mostExamples)
      .flatMap(({ url, before, after }) => [
        `  such as ${url}`,
        `    before  ${chances(before)}`,
        `    after   ${chances(after)}`,
      ]),
    ...regressionLines(preview.regression),
    ...requiredLines(preview),
  ];
}

/** Which sign-offs are needed, for people. */
function requiredLines({ required }: Pick<ShownPreview, 'required'>): readonly string[] {
  if (required.length === 0) return ['needs no sign-off'];
  return required.map(
    ({ role, count, policies }) =>
      `needs ${count} sign-off${count === 1 ? '' : 's'} as ${role} (policy ${policies.join(', ')})`,
  );
}

function regressionLines(results: PreviewReport['regression']): readonly string[] {
  if (results.length === 0) return [];
  const failed = results.filter(({ after }) => !after.passed);
  return [
    `  regression set: ${results.length - failed.length} of ${results.length} lines get what they must`,
    ...failed.map(({ name, line, before, after }) => {
      const since = before.passed ? '' : ' (as before)';
      return `  FAILS${since}: ${name} gets ${after.got.length === 0 ? 'no answer' : chances(after.got)} for ${line}`;
    }),
  ];
}

function countLines(what: string, ranking: Ranking<NamedCount>): readonly string[] {
  const differing = { ...ranking, first: ranking.first.filter((one) => one.differing > 0) };
  return rankedLines(
    differing,
    (one) => `  ${what} ${one.name}: ${one.differing} of ${one.lines} lines, ${rounded(one.expected)} other answers`,
  );
}

function rankedLines<T>({ first, leftOut }: Ranking<T>, line: (one: T) => string): readonly string[] {
  const more = leftOut + Math.max(0, first.length - mostOfEach);
  return [...first.slice(0, mostOfEach).map(line), ...(more === 0 ? [] : [`  … and ${more} more`])];
}

function chances(all: readonly AnswerChance[]): string {
  return all
    .map(({ answer, probability, by }) => {
      const decided = by === undefined ? '' : ` by ${by.kind} ${by.name}`;
      return `${probability === 1 ? '' : `${rounded(probability * 100)} % `}${answer}${decided}`;
    })
    .join(', ');
}

function rounded(number: number): string {
  return number === 0 || number >= 100 ? String(Math.round(number)) : String(Number(number.toPrecision(3)));
}
