import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { NoticeReading } from './app/notices/send-notices.ts';
import type { SoftwareVersion } from './face.ts';
import type { Health } from './health.ts';
import type { MeterReading } from './metrics/meter-reading.ts';

/** What a face on the admin listener may ask of the server. */
export interface AdminApp {
  health(): Health;
  /** Everything that this node counted, its workers and the edges that report to it included. */
  reading(): MeterReading | Promise<MeterReading>;
  nowMs(): number;
  readonly version: SoftwareVersion;
  /** How notices stand; absent on a node that sends none. */
  readonly notices?: () => NoticeReading | undefined;
  /** What else of this process is told to Prometheus, in its text format. */
  readonly moreMetrics?: () => Promise<string>;
}

/**
 * Who lets requests in. `listener`: programs on this machine and whoever has the admin token. `own`: the face itself
 * decides for each of its routes, and the listener lets everything through to it.
 */
export type Authorisation = 'listener' | 'own';

/** Something that the admin listener serves. One file each in `admin-faces/`. */
export interface AdminFace<Name extends string = string, App = AdminApp> {
  readonly name: Name;
  readonly summary: string;
  readonly authorisation: Authorisation;
  /** Absent where 4 MiB are enough for everybody. */
  readonly bodies?: LongBodies;
  /** The routes, each with its whole path. What it throws becomes a problem, as everywhere. */
  open(app: App): AdminRoutes;
}

/** How long bodies may be whose path begins with `under`, in bytes. What is longer is refused before it is read. */
export interface LongBodies {
  readonly under: string;
  readonly longest: number;
}

/** Routes whose handlers find Node's request and response in `c.env`. */
export type AdminRoutes = Hono<AdminEnv>;

export type AdminEnv = { readonly Bindings: HttpBindings };

/** A face that is open, as the admin listener takes it. */
export interface OpenAdminFace {
  readonly authorisation: Authorisation;
  readonly bodies?: LongBodies | undefined;
  readonly routes: AdminRoutes;
}
