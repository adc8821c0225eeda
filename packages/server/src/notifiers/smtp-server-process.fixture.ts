import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An e-mail as the server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
  readonly user?: string;
}

export interface MailBehaviour {
  /** Recipients that are refused for good. */
  readonly refuse?: readonly string[];
  /** Recipients that are told to come back, the first time. */
  readonly grey?: readonly string[];
  readonly atGreeting?: 'stall';
  /** A code to answer with. */
  readonly atMail?: number;
  readonly atData?: 'drop' | 'stall' | number;
}

export interface MailServerOptions {
  readonly tls?: 'starttls' | 'tls' | 'off';
  readonly key?: string;
  readonly cert?: string;
  readonly user?: string;
  readonly pass?: string;
}

/** A real mail server in a process of its own. */
export interface MailServerProcess {
  readonly port: number;
  /** Where a byte comes every now and then, and never a line. */
  readonly dripping: number;
  /** What it took, oldest first. */
  readonly mails: readonly TakenMail[];
  /** How often somebody connected. */
  readonly connections: number;
  behave(behaviour: MailBehaviour): Promise<void>;
  /** Waits until all that it took before is in `mails`. */
  settle(): Promise<void>;
  end(): Promise<void>;
}

interface Told {
  readonly port?: number;
  readonly dripping?: number;
  readonly ok?: true;
  readonly connected?: true;
  readonly mail?: TakenMail;
}

/** Starts one on a free port of the loopback. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServerProcess> {
  const file = fileURLToPath(new URL('smtp-server.fixture.mjs', import.meta.url));
  const child: ChildProcess = fork(file, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const mails: TakenMail[] = [];
  const told = new EventEmitter();
  let connections = 0;
  child.on('message', (message: Told) => {
    if (message.connected) connections += 1;
    if (message.mail !== undefined) mails.push(message.mail);
    told.emit(message.mail !== undefined ? 'mail' : message.ok ? 'ok' : 'port', message);
  });
  async function tell(message: object): Promise<void> {
    child.send(message);
    await once(told, 'ok');
  }
  const [{ port = 0, dripping = 0 }] = (await once(told, 'port')) as [Told];
  return {
    port,
    dripping,
    mails,
    get connections() {
      return connections;
    },
    behave: (behave) => tell({ behave }),
    settle: () => tell({}),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
