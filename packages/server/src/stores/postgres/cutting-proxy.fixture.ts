import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What becomes of a piece of what a client says. */
export type Fate = 'pass' | 'cut before' | 'cut after';

/** A way to a server on which connections can be lost at a chosen moment. */
export interface CuttingProxy {
  /** The address of a database, by this way. */
  via(address: string): string;
  /** Decides of each piece that a client says; all pass unless told. `cut after` lets the server hear and the client not. */
  decide(fateOf: (said: string) => Fate): void;
  close(): Promise<void>;
}

export async function openCuttingProxy(port: number): Promise<CuttingProxy> {
  let fateOf: (said: string) => Fate = () => 'pass';
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    let deaf = false;
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (said) => {
      const fate = fateOf(said.toString('latin1'));
      if (fate === 'cut before') return cut();
      deaf ||= fate === 'cut after';
      server.write(said);
    });
    server.on('data', (said) => (deaf ? cut() : client.write(said)));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    via: (database) => database.replace(`:${port}/`, `:${ownPort}/`),
    decide(newFateOf) {
      fateOf = newFateOf;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      const closed = once(proxy, 'close');
      proxy.close();
      await closed;
    },
  };
}
