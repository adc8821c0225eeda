import { aus } from './aus/index.ts';
import { dockerflow } from './dockerflow.ts';

/** Every protocol we answer in on the public listener, in the order in which they are asked. */
export const faces = [aus, dockerflow] as const;
