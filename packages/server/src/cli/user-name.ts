import { userInfo } from 'node:os';

/** Who runs this process, as the operating system calls them; in a container a user may have a number and no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
