import { z } from 'zod';
import { NotKnown } from '../../not-known.ts';

/** What a query came to. */
export interface QueryResult {
  readonly resultType: string;
  readonly result?: unknown;
  readonly infos: readonly string[];
}

export interface Sample {
  readonly atSeconds: number;
  /** As it was written: NaN and the infinities are texts that JSON has no numbers for. */
  readonly written: string;
}

const sample = z.tuple([z.number(), z.string()]);
const vector = z.array(z.object({ value: sample.optional(), histogram: z.unknown().optional() }));

/** The samples of an instant vector or a scalar, at least one. @throws NotKnown for everything else. */
export function samplesOf({ resultType, result }: QueryResult): readonly Sample[] {
  if (resultType === 'scalar') {
    const { data } = sample.safeParse(result);
    if (data === undefined) throw new NotKnown('its scalar cannot be read');
    return [sampleOf(data)];
  }
  if (resultType !== 'vector') throw new NotKnown(`it is a ${resultType} and no single value`);
  const { data: series } = vector.safeParse(result);
  if (series === undefined) throw new NotKnown('its vector cannot be read');
  if (series.length === 0) throw new NotKnown('there is no data');
  return series.map(({ value, histogram }) => {
    if (value !== undefined) return sampleOf(value);
    throw new NotKnown(histogram === undefined ? 'its vector cannot be read' : 'a histogram is no single value');
  });
}

function sampleOf([atSeconds, written]: readonly [number, string]): Sample {
  return { atSeconds, written };
}
