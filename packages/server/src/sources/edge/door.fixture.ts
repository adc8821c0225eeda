import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a listener that can be shut: whoever comes then is sent away, and whoever is there too. */
export interface Door {
  readonly url: string;
  /** Leads to this address from now on. */
  leadTo(url: string): void;
  shut(): void;
  open(): void;
  /** Connections that were made since it was there. */
  passed(): number;
  close(): Promise<void>;
}

export async function openDoor(): Promise<Door> {
  let port: number | undefined;
  let isOpen = true;
  let passed = 0;
  const sockets = new Set<Socket>();
  const door = createServer((client) => {
    if (!isOpen || port === undefined) {
      client.destroy();
      return;
    }
    passed += 1;
    const server = connect(port, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.pipe(server).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    leadTo(url) {
      port = Number(new URL(url).port);
    },
    shut() {
      isOpen = false;
      cutAll();
    },
    open() {
      isOpen = true;
    },
    passed: () => passed,
    async close() {
      cutAll();
      const closed = once(door, 'close');
      door.close();
      await closed;
    },
  };
}
