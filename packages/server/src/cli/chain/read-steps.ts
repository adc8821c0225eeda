import { durationMs } from '../../kinds/duration.ts';
import { Problem } from '../../problem.ts';

/** One step of a rollout, as a command line says it. */
export interface TypedStep {
  readonly percent: number;
  /** As ISO 8601 has it. */
  readonly hold?: string;
}

/** Reads `1,5@24h,25@P2D`: percentages, each with how long the one before must have been enacted. @throws Problem `usage` */
export function readSteps(text: string): readonly TypedStep[] {
  return text.split(',').map((part) => {
    const [, percent = '', hold] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*(?:@\s*(\S+)\s*)?$/.exec(part) ?? [];
    if (percent === '') throw new Problem('usage', `--steps takes percentages such as 1,5@24h,25@24h, not '${part}'`);
    return { percent: Number(percent), ...(hold !== undefined && { hold: readHold(hold) }) };
  });
}

function readHold(text: string): string {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/i.exec(text) ?? [];
  const hold = unit === '' ? text : unit.toLowerCase() === 'd' ? `P${count}D` : `PT${count}${unit.toUpperCase()}`;
  if (durationMs(hold) === undefined) throw new Problem('usage', `${text} is no time to hold: 30m, 24h, 7d or PT24H`);
  return hold;
}
