import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Who sits before the provider. */
export interface Person {
  readonly email: string;
  readonly verified: boolean;
  readonly cancels: boolean;
}

/** A real provider in a process of its own. */
export interface ProviderProcess {
  readonly issuer: string;
  /** Begins to serve one client. */
  serve(client: {
    readonly client_id: string;
    readonly client_secret: string;
    readonly redirect_uris: readonly string[];
  }): Promise<void>;
  sits(person: Partial<Person>): Promise<void>;
  end(): Promise<void>;
}

/** Starts a provider on a free port of the loopback. */
export async function startProvider(): Promise<ProviderProcess> {
  const file = fileURLToPath(new URL('oidc-provider.fixture.mjs', import.meta.url));
  const child: ChildProcess = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  const tell = async (message: object): Promise<void> => {
    child.send(message);
    await once(child, 'message');
  };
  return {
    issuer: `http://127.0.0.1:${port}`,
    serve: (client) => tell({ client }),
    sits: (person) => tell({ sits: { email: 'ada@example.org', verified: true, cancels: false, ...person } }),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
