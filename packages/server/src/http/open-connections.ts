import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressGroup, plainAddress } from './address-group.ts';
import type { Limits } from './limits.ts';
import type { Refusals } from './refusals.ts';
import type { IsTrusted } from './trusted-proxies.ts';

export interface OpenConnectionsOptions {
  readonly limits: Pick<Limits, 'connections' | 'connectionsPerAddress' | 'answerTimeoutMs'>;
  readonly isTrusted: IsTrusted;
  readonly refusals: Refusals;
  /** Whether HTTP is spoken inside TLS, and a connection is none until the handshake is done. */
  readonly isSecure: boolean;
}

/** How far a client had read when it was last seen to read on. */
interface Waiting {
  readonly taken: number;
  readonly sinceMs: number;
}

/** The connections of a listener: how many, from whom, and whether their other ends still read. */
export class OpenConnections {
  readonly #options: OpenConnectionsOptions;
  /** As they were accepted. */
  readonly #accepted = new Set<Socket>();
  /** On which HTTP is spoken: the same ones, or inside TLS those whose handshake is done. */
  readonly #speaking = new Set<Socket>();
  readonly #perAddress = new Map<string, number>();
  readonly #waiting = new WeakMap<Socket, Waiting>();

  constructor(server: Server, options: OpenConnectionsOptions) {
    this.#options = options;
    server.on('connection', (socket: Socket) => this.#accept(socket));
    if (options.isSecure) server.on('secureConnection', (socket: Socket) => this.#speak(socket));
  }

  get size(): number {
    return this.#accepted.size;
  }

  /** Cuts those whose client has read nothing of a waiting answer for too long. */
  cutUnread(nowMs: number): void {
    for (const socket of this.#speaking) {
      if (socket.writableLength === 0) continue;
      const taken = socket.bytesWritten - socket.writableLength;
      const waiting = this.#waiting.get(socket);
      if (waiting?.taken !== taken) this.#waiting.set(socket, { taken, sinceMs: nowMs });
      else if (nowMs - waiting.sinceMs >= this.#options.limits.answerTimeoutMs) {
        this.#options.refusals.count('slow', () => socket.remoteAddress);
        socket.destroy();
      }
    }
  }

  /** Cuts those on which nothing was ever said, which `closeIdleConnections` takes for busy. */
  cutSilent(): void {
    for (const socket of this.#speaking) if (socket.bytesRead === 0) socket.destroy();
    if (!this.#options.isSecure) return;
    const speaking = new Set([...this.#speaking].map(endsOf));
    for (const socket of this.#accepted) if (!speaking.has(endsOf(socket))) socket.destroy();
  }

  cutAll(): void {
    for (const socket of this.#accepted) socket.destroy();
  }

  #accept(socket: Socket): void {
    const { connections, connectionsPerAddress } = this.#options.limits;
    // Node's own maxConnections hands the connection back to the primary process, which offers it again without end
    // when all workers are full.
    if (this.#accepted.size >= connections) {
      this.#options.refusals.count('connections', () => socket.remoteAddress);
      socket.destroy();
      return;
    }
    this.#accepted.add(socket);
    socket.once('close', () => this.#accepted.delete(socket));
    if (connectionsPerAddress > 0) this.#countAddress(socket);
    if (!this.#options.isSecure) this.#speak(socket);
  }

  #speak(socket: Socket): void {
    this.#speaking.add(socket);
    socket.once('close', () => this.#speaking.delete(socket));
  }

  #countAddress(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (this.#options.isTrusted(address)) return;
    const group = addressGroup(address);
    const count = this.#perAddress.get(group) ?? 0;
    if (count >= this.#options.limits.connectionsPerAddress) {
      this.#options.refusals.count('connections-per-address', () => address);
      socket.destroy();
      return;
    }
    this.#perAddress.set(group, count + 1);
    socket.once('close', () => {
      const left = (this.#perAddress.get(group) ?? 1) - 1;
      if (left === 0) this.#perAddress.delete(group);
      else this.#perAddress.set(group, left);
    });
  }
}

/** What names a connection, inside TLS as outside. */
function endsOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
