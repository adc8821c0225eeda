import type { OutsideSignal, OwnSignal } from '../signal.ts';
import { checks } from './checks.ts';
import { crashes } from './crashes.ts';
import { events } from './events.ts';
import { httpJson } from './http-json.ts';
import { offers } from './offers.ts';
import { prometheus } from './prometheus.ts';
import { uptake } from './uptake.ts';

/** Every signal that the server reads from its own counters. A new one is one new file and one line here. */
export const ownSignals: readonly OwnSignal[] = [uptake, offers, checks, events, crashes];

/** Every signal that agents read elsewhere. A new one is one new file, one line here, and its form in `kinds/signal.ts`. */
export const outsideSignals = [prometheus, httpJson] as unknown as readonly OutsideSignal[];
