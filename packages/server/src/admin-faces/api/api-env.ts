import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiApp, Identified } from '../../api-app.ts';

/** What a handler of the API finds in its context. */
export interface ApiEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: { readonly caller: Identified };
}

export type ApiRoutes = OpenAPIHono<ApiEnv>;

/** Adds some of the API's routes. */
export type AddRoutes = (api: ApiRoutes, app: ApiApp) => void;
