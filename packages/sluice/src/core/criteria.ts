import { compareVersions, readVersion, type Version, type VersionScheme } from './version.ts';

/** The operators that a criterion may begin with; without one it asks for equality. */
export type Operator = '<' | '<=' | '=' | '>=' | '>';

const withOperator = /^(<=|>=|<|>)([.\w]+)$/;

function splitOperator(text: string): { readonly operator: Operator; readonly operand: string } | undefined {
  const match = withOperator.exec(text);
  if (match !== null) return { operator: match[1] as Operator, operand: match[2] ?? '' };
  return /^\w/.test(text) ? { operator: '=', operand: text } : undefined;
}

function holds(operator: Operator, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '=':
      return difference === 0;
    case '>=':
      return difference >= 0;
    case '>':
      return difference > 0;
  }
}

/** A criterion on versions, read once for each scheme. Entries that cannot be read match nothing and harm no other. */
export interface VersionCriterion {
  readonly entries: readonly VersionEntry[];
  /** The entries that cannot be read, for a warning. */
  readonly unreadable: readonly string[];
}

export type VersionEntry =
  | { readonly kind: 'prefix'; readonly prefix: string }
  | {
      readonly kind: 'compare';
      readonly operator: Operator;
      readonly operands: { readonly [S in VersionScheme]: Version | undefined };
    };

/** Reads a comma list of versions: exact, with an operator, or `99.*` and `99.8.*`, which match by their text. */
export function versionCriterion(text: string, product?: string): VersionCriterion {
  const entries: VersionEntry[] = [];
  const unreadable: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (/^\d+\.(?:\d+\.)?\*$/.test(entry)) {
      entries.push({ kind: 'prefix', prefix: entry.slice(0, -1) });
      continue;
    }
    const split = splitOperator(entry);
    const operands = {
      mozilla: split && readVersion(split.operand, 'mozilla'),
      loose: split && readVersion(split.operand, 'loose'),
    };
    if (split !== undefined) entries.push({ kind: 'compare', operator: split.operator, operands });
    const needed = product === 'FirefoxVPN' || product === 'Guardian' ? operands.loose : operands.mozilla;
    if (needed === undefined) unreadable.push(entry);
  }
  return { entries, unreadable };
}

/** Whether a version that was read meets the criterion. `text` is the version as the client wrote it. */
export function meetsVersion({ entries }: VersionCriterion, version: Version, text: string): boolean {
  return entries.some((entry) => {
    if (entry.kind === 'prefix') return text.startsWith(entry.prefix);
    const operand = entry.operands[version.kind];
    return operand !== undefined && holds(entry.operator, compareVersions(version, operand));
  });
}

/** A criterion on texts, compared character by character: `10` is not above `9`. */
export interface TextCriterion {
  readonly operator: Operator;
  readonly operand: string;
}

/** Reads a text with or without an operator; `undefined` matches nothing. */
export function textCriterion(text: string): TextCriterion | undefined {
  return splitOperator(text);
}

export function meetsText({ operator, operand }: TextCriterion, text: string): boolean {
  return holds(operator, text === operand ? 0 : text < operand ? -1 : 1);
}

/** A criterion on whole numbers. */
export interface NumberCriterion {
  readonly operator: Operator;
  readonly operand: number;
}

/** Reads a whole number with or without an operator; `undefined` matches nothing. */
export function numberCriterion(text: string): NumberCriterion | undefined {
  const split = splitOperator(text);
  if (split === undefined || !/^\d+$/.test(split.operand)) return undefined;
  return { operator: split.operator, operand: Number(split.operand) };
}

export function meetsNumber({ operator, operand }: NumberCriterion, number: number): boolean {
  return holds(operator, number - operand);
}

/** A list of alternatives, each a set of texts that must all occur: `Windows_NT 10 && x64, Darwin`. */
export type SubstringCriterion = readonly (readonly string[])[];

/** Reads commas as "or" and `&&` as "and". An empty term occurs in every text. */
export function substringCriterion(text: string): SubstringCriterion {
  return text.split(',').map((alternative) => alternative.split('&&').map((term) => term.trim()));
}

export function meetsSubstrings(criterion: SubstringCriterion, text: string): boolean {
  return criterion.some((terms) => terms.every((term) => text.includes(term)));
}
