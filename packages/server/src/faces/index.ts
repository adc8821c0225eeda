import { aus } from './aus/index.ts';
import { dockerflow } from './dockerflow.ts';
import { telemetry } from './telemetry/index.ts';

/** Every protocol we answer in on the public listener, in the order in which they are asked. */
export const faces = [aus, dockerflow, telemetry] as const;
