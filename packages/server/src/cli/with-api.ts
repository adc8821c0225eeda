import { type Command, Option as makeOption } from 'commander';
import { type ApiClient, openApiClient } from './api-client.ts';
import type { Context } from './context.ts';
import { configOption } from './with-store.ts';

/** Where the server is, as every command takes it that asks one. */
export interface ApiOptions {
  readonly url?: string;
  readonly insecure?: true;
  readonly config?: string;
}

/** Gives a command the options by which it finds a server. */
export function addApiOptions(command: Command): Command {
  return command
    .addOption(
      new makeOption('--url <url>', 'the admin listener of a server (default: SLUICE_URL or http://127.0.0.1:8081)'),
    )
    .option('--insecure', 'send the token without TLS to another machine too')
    .addOption(configOption());
}

/** Opens the API that the options and the environment name. @throws Problem `usage`, `sign-in-needed`, `invalid-config`. */
export function openApi(context: Context, options: ApiOptions): ApiClient {
  const { config } = context.loadConfig({ file: options.config, options: { url: options.url } });
  return openApiClient({ url: config.url, token: config.token, insecure: options.insecure === true });
}
