/** Why something outside cannot be known, as a sentence for people; it holds no secret. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
}
