import type { Request } from 'sluice';

/**
 * Reads what a client says of its machine: `ISET:SSE4_2,MEM:8192,JAWS:0`, or, from older ones, `SSE4_2` or `SSE4_2,8192`.
 * What cannot be read is left unknown.
 */
export function readSystemCapabilities(
  text: string | undefined,
): Pick<Request, 'instructionSet' | 'memoryMb' | 'jaws'> {
  if (text === undefined) return { instructionSet: '', memoryMb: undefined, jaws: undefined };
  if (text.startsWith('ISET:')) return readNamed(text);
  const parts = text.split(',');
  if (parts.length > 2) return { instructionSet: '', memoryMb: undefined, jaws: undefined };
  return { instructionSet: parts[0] ?? '', memoryMb: readInteger(parts[1]), jaws: undefined };
}

function readNamed(text: string): Pick<Request, 'instructionSet' | 'memoryMb' | 'jaws'> {
  let instructionSet = '';
  let memoryMb: number | undefined;
  let jaws: boolean | undefined;
  for (const part of text.split(',')) {
    const at = part.indexOf(':');
    if (at < 0) continue;
    const value = part.slice(at + 1);
    switch (part.slice(0, at)) {
      case 'ISET':
        instructionSet = value;
        break;
      case 'MEM':
        memoryMb = readInteger(value);
        break;
      case 'JAWS': {
        const flag = readInteger(value);
        jaws = flag === undefined ? undefined : flag !== 0;
        break;
      }
    }
  }
  return { instructionSet, memoryMb, jaws };
}

function readInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}
