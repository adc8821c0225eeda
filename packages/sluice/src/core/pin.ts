import type { MozillaVersion } from './version.ts';

/** A version line that a client asks to stay on: `115.` or `115.3.`. It stands for every version that begins so. */
export interface PinLine {
  readonly major: number;
  readonly minor: number | undefined;
}

/** Reads `MAJOR.` or `MAJOR.MINOR.`, or answers `undefined` for anything else. */
export function readPin(text: string): PinLine | undefined {
  const match = /^(\d+)\.(?:(\d+)\.)?$/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: match[2] === undefined ? undefined : Number(match[2]) };
}

/** The one way to write a pin: `007.` is `7.`. */
export function pinText({ major, minor }: PinLine): string {
  return minor === undefined ? `${major}.` : `${major}.${minor}.`;
}

/** Whether a version lies beyond the pinned line. */
export function isBeyondPin(version: MozillaVersion, pin: PinLine): boolean {
  if (version.major !== pin.major) return version.major > pin.major;
  return pin.minor !== undefined && version.minor > pin.minor;
}
