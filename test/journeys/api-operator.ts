import { type Ended, makeFile, type Server, type Started, sluice, start } from './sluice-process.ts';

/** Somebody at a command line, who has a token for a server. */
export interface Operator {
  readonly token: string;
  /** Starts a command. */
  start(...args: readonly string[]): Started;
  /** Runs a command however it ends. */
  run(...args: readonly string[]): Promise<Ended>;
  /** Runs a command that must succeed, and answers what it printed. */
  sluice(...args: readonly string[]): Promise<string>;
  /** The same with `--json`, read. */
  json<T>(...args: readonly string[]): Promise<T>;
}

/** Makes users with roles in the database, as whoever runs the machine may while nothing needs a sign-off. */
export async function makeUsers(data: string, users: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const objects = Object.entries(users).map(([name, roles]) => ({ kind: 'user', name, roles }));
  await sluice('put', makeFile('users.json', objects), '--data', data);
}

/** Gives somebody a token, made on the database itself, and the server's address. */
export async function operator(data: string, server: Pick<Server, 'adminPort'>, owner: string): Promise<Operator> {
  const token = (await sluice('token', 'make', 'journey', '--owner', owner, '--data', data)).trim();
  const url = `http://127.0.0.1:${server.adminPort}`;
  const startIt: Operator['start'] = (...args) =>
    start(args, { environment: { SLUICE_URL: url, SLUICE_TOKEN: token } });
  const runIt: Operator['run'] = (...args) => startIt(...args).ended;
  const sluiceIt: Operator['sluice'] = async (...args) => {
    const { code, stdout, stderr } = await runIt(...args);
    if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  };
  return {
    token,
    start: startIt,
    run: runIt,
    sluice: sluiceIt,
    json: async <T>(...args: readonly string[]) => JSON.parse(await sluiceIt(...args, '--json')) as T,
  };
}
