import { fallbackChannel } from './channel.ts';
import type { Request } from './model.ts';
import { readVersion, type Version, type VersionScheme, versionScheme } from './version.ts';

/** A request with what is derived from it, computed at most once. */
export class Query {
  readonly request: Request;
  readonly fallbackChannel: string;
  readonly scheme: VersionScheme;
  #version: Version | undefined | 'unread' = 'unread';

  constructor(request: Request) {
    this.request = request;
    this.fallbackChannel = fallbackChannel(request.channel);
    this.scheme = versionScheme(request.product);
  }

  /** The client's version, or `undefined` where it cannot be read. */
  get version(): Version | undefined {
    if (this.#version === 'unread') this.#version = readVersion(this.request.version, this.scheme);
    return this.#version;
  }
}
