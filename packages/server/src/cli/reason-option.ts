import { Option as makeOption, type Option } from 'commander';

/** Why something is written, for commands that make a change. */
export function reasonOption(): Option {
  return new makeOption('--reason <text>', 'why, for the history and for those who sign');
}
