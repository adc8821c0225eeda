import { describe, expect, test } from 'vitest';
import { readSystemCapabilities } from './system-capabilities.ts';

const said = (instructionSet: string, memoryMb?: number, jaws?: boolean) => ({ instructionSet, memoryMb, jaws });

describe('the system capabilities', () => {
  test.each([
    [undefined, said('')],
    ['', said('')],
    ['NA', said('NA')],
    ['SSE4_2', said('SSE4_2')],
    ['SSE4_2,8192', said('SSE4_2', 8192)],
    ['SSE4_2, 8192 ', said('SSE4_2', 8192)],
    ['SSE4_2,unknown', said('SSE4_2')],
    ['SSE4_2,', said('SSE4_2')],
    [',8192', said('', 8192)],
    ['SSE4_2,8192,1', said('')],
    ['ISET:SSE4_2', said('SSE4_2')],
    ['ISET:SSE4_2,MEM:8192,JAWS:1', said('SSE4_2', 8192, true)],
    ['ISET:SSE4_2,JAWS:0,MEM:8192', said('SSE4_2', 8192, false)],
    ['ISET:SSE4_2,JAWS:7', said('SSE4_2', undefined, true)],
    ['ISET:SSE4_2,MEM:much,JAWS:no', said('SSE4_2')],
    ['ISET:SSE4_2,MEM:1.5,JAWS:', said('SSE4_2')],
    ['ISET:,MEM:8192', said('', 8192)],
    ['ISET:a:b,MEM:-1', said('a:b', -1)],
    ['ISET:SSE4_2,GPU:yes,8192,MEM', said('SSE4_2')],
    ['iset:SSE4_2,MEM:8192', said('iset:SSE4_2')],
    ['MEM:8192,ISET:SSE4_2', said('MEM:8192')],
  ])('%j say %j', (text, capabilities) => {
    expect(readSystemCapabilities(text)).toEqual(capabilities);
  });
});
