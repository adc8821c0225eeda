/**
 * Versions as Mozilla's update server orders them.
 *
 * Source: Balrog's behaviour, `docs/faces/aus.md` "Versions". `60.0a1` comes before `60.0`, a missing third part is 0,
 * majors up to 4 may carry any letters and digits (`3.6.3plugin1`), and of four parts the third is dropped (`2.0.0.20`).
 */
export type Version = MozillaVersion | LooseVersion;

export interface MozillaVersion {
  readonly kind: 'mozilla';
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The character code of the pre-release's first letter; `released` where there is none, which sorts last. */
  readonly stage: number;
  readonly stageNumber: number;
}

/** A version cut where digits and letters meet; numbers sort before texts, a shorter one before its continuations. */
export interface LooseVersion {
  readonly kind: 'loose';
  readonly parts: readonly (number | string)[];
}

/** How a product's versions are read. */
export type VersionScheme = Version['kind'];

const released = Number.MAX_SAFE_INTEGER;
const afterFour = /^(\d+)\.(\d+)(?:\.(\d+))?(?:(a)(\d+))?$/;
const upToFour = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([a-zA-Z])[a-zA-Z]*(\d+))?$/;
const fourParts = /^(\d+)\.(\d+)\.\d\.(\d+)(?:([a-zA-Z])[a-zA-Z]*(\d+))?$/;
const looselyVersioned: ReadonlySet<string> = new Set(['FirefoxVPN', 'Guardian']);

/** Which scheme a product's versions follow. */
export function versionScheme(product: string): VersionScheme {
  return looselyVersioned.has(product) ? 'loose' : 'mozilla';
}

/** Reads a version, or answers `undefined` where the scheme cannot. The loose scheme reads every text. */
export function readVersion(text: string, scheme: VersionScheme): Version | undefined {
  return scheme === 'loose' ? readLooseVersion(text) : readMozillaVersion(text);
}

export function readMozillaVersion(text: string): MozillaVersion | undefined {
  const match = shapeOf(text).exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch = '0', stage, stageNumber = '0'] = match;
  return {
    kind: 'mozilla',
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    stage: stage === undefined ? released : stage.charCodeAt(0),
    stageNumber: Number(stageNumber),
  };
}

function shapeOf(text: string): RegExp {
  const dots = text.split('.').length - 1;
  if (dots !== 1 && dots !== 2) return fourParts;
  return Number.parseInt(text, 10) > 4 ? afterFour : upToFour;
}

export function readLooseVersion(text: string): LooseVersion {
  const parts = text.split(/(\d+|[a-z]+|\.)/).filter((part) => part !== '' && part !== '.');
  return { kind: 'loose', parts: parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)) };
}

/** Below 0 when `a` comes before `b`, 0 when they are equal, above 0 when it comes after. */
export function compareVersions(a: Version, b: Version): number {
  if (a.kind === 'mozilla' && b.kind === 'mozilla') return compareMozilla(a, b);
  if (a.kind === 'loose' && b.kind === 'loose') return compareLoose(a, b);
  return a.kind === 'mozilla' ? -1 : 1;
}

function compareMozilla(a: MozillaVersion, b: MozillaVersion): number {
  return (
    compareNumbers(a.major, b.major) ||
    compareNumbers(a.minor, b.minor) ||
    compareNumbers(a.patch, b.patch) ||
    compareNumbers(a.stage, b.stage) ||
    compareNumbers(a.stageNumber, b.stageNumber)
  );
}

/** Not by a difference, which is no number where both are too long for one. */
function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareLoose(a: LooseVersion, b: LooseVersion): number {
  for (let at = 0; at < a.parts.length && at < b.parts.length; at += 1) {
    const difference = comparePart(a.parts[at] ?? 0, b.parts[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.parts.length - b.parts.length;
}

function comparePart(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
