import type { Store } from '../../store.ts';
import { describeStore } from '../store.contract.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import { describeWithPostgres } from './postgres-server.fixture.ts';

describeWithPostgres('a PostgreSQL server', (server) => {
  describeStore('the store in a schema of it', async () => {
    const address = await server().makeSchema();
    const handles: Store[] = [];
    return {
      async open() {
        const store = await openPostgresStore(address);
        handles.push(store);
        return store;
      },
      async remove() {
        await Promise.all(handles.map((store) => store.close()));
      },
    };
  });
});
