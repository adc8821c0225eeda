/** A text of somebody else as it may stand in a sentence of ours: on one line, without control characters, not long. */
export function briefText(text: string, mostCharacters = 120): string {
  const plain = text
    .slice(0, mostCharacters * 8)
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= mostCharacters ? plain : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
