/**
 * A name as users are called: without spaces around it, and in lower case. Only ASCII letters are lowered, because other
 * letters have lower forms that are those of ASCII (K, the sign for kelvin), and the name would be somebody else's.
 */
export function userName(text: string): string | undefined {
  const name = text.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return name.length <= 200 && /^[^\s\p{C}]+$/u.test(name) ? name : undefined;
}
