/** An address as it may be printed: without user, password and parameters. */
export function withoutPassword(address: string): string {
  return address.replace(/^(\w+:\/\/)(?:.*@)?([^?#]*).*$/s, '$1$2');
}
