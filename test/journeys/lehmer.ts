/** Lehmer's generator (Park and Miller 1988), from 0 to below 1: the same numbers in every run. */
export function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
