/** What a client says of its machine. A text that it does not say is `''`, anything else absent. */
export interface SystemCapabilities {
  readonly instructionSet: string;
  readonly memoryMb: number | undefined;
  readonly jaws: boolean | undefined;
}

const unknown: SystemCapabilities = { instructionSet: '', memoryMb: undefined, jaws: undefined };

/**
 * Reads `ISET:SSE4_2,MEM:8192,JAWS:0`, or, from older clients, `SSE4_2` or `SSE4_2,8192`.
 * What cannot be read is left unknown.
 */
export function readSystemCapabilities(text: string | undefined): SystemCapabilities {
  if (text === undefined) return unknown;
  const parts = text.split(',');
  if (text.startsWith('ISET:')) return readNamed(parts);
  if (parts.length > 2) return unknown;
  return { instructionSet: parts[0] ?? '', memoryMb: readInteger(parts[1]), jaws: undefined };
}

function readNamed(parts: readonly string[]): SystemCapabilities {
  let instructionSet = '';
  let memoryMb: number | undefined;
  let jaws: boolean | undefined;
  for (const part of parts) {
    if (part.startsWith('ISET:')) {
      instructionSet = part.slice('ISET:'.length);
    } else if (part.startsWith('MEM:')) {
      memoryMb = readInteger(part.slice('MEM:'.length));
    } else if (part.startsWith('JAWS:')) {
      const flag = readInteger(part.slice('JAWS:'.length));
      jaws = flag === undefined ? undefined : flag !== 0;
    }
  }
  return { instructionSet, memoryMb, jaws };
}

function readInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}
