import { health } from './health.ts';
import { metrics } from './metrics.ts';

/** Everything that the admin listener serves to people and tools. */
export const adminFaces = [metrics, health] as const;
