import type { Server } from 'node:http';
import { Problem } from '../problem.ts';
import type { Address } from './address.ts';

/** Has a server listen, and answers where it does, which is another port than 0. @throws Problem `address-in-use`. */
export function listen(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'another program listens there; port 0 takes a free one' : error.message;
      reject(new Problem('address-in-use', `cannot listen on ${host}:${port}: ${reason}`, [], { cause: error }));
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port });
    });
  });
}
