import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  describeWithPostgres,
  type PostgresServer,
} from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { type Misfortune, surviveUnderLoad } from './survive-under-load.ts';

/** Ends the server in the way of `systemctl stop`: it sends its clients away and writes everything down. */
async function stopCleanly(server: PostgresServer): Promise<void> {
  const [{ file } = { file: '' }] = await server.query<{ file: string }>(
    `select current_setting('data_directory') || '/postmaster.pid' as file`,
  );
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  process.kill(pid, 'SIGINT');
  for (const deadline = Date.now() + 20_000; existsSync(file); await pause(20)) {
    if (Date.now() > deadline) throw new Error('PostgreSQL does not stop.');
  }
}

describeWithPostgres('under 1000 questions a second not one answer is wrong or fails while PostgreSQL', (server) => {
  const misfortunes: readonly Misfortune[] = [
    {
      name: 'is killed and started again',
      befall: async () => {
        await server().kill();
        return () => server().start();
      },
    },
    {
      name: 'is stopped and started again',
      befall: async () => {
        await stopCleanly(server());
        return () => server().start();
      },
    },
    {
      name: 'stands still',
      befall: async () => {
        server().pause();
        return async () => server().resume();
      },
    },
  ];

  test.each(misfortunes)('$name: what is committed afterwards is served, and nothing is lost', async (misfortune) => {
    const address = await server().makeDatabase();
    console.info(await surviveUnderLoad(address, misfortune));
    // It is the same server, and it is well again.
    expect(await server().query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
