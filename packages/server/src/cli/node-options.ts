import { Option as makeOption, type Option } from 'commander';
import { configOption, setOption } from './with-store.ts';

/** What every command takes that runs a node. */
export interface NodeCommandOptions {
  readonly data?: string;
  readonly public?: string;
  readonly admin?: string;
  readonly workers?: string;
  readonly config?: string;
  readonly set: readonly string[];
}

export function nodeOptions(): readonly Option[] {
  return [
    new makeOption('--public <host:port>', 'where clients ask (default: 127.0.0.1:8080); port 0 takes a free one'),
    new makeOption('--admin <host:port|off>', 'where metrics and health are told (default: 127.0.0.1:8081)'),
    new makeOption('--workers <n>', 'how many processes answer clients (default: 0, this one does)'),
    configOption(),
    setOption(),
  ];
}
