/** A function that remembers what it answered, so that the same question always gets the very same answer. */
export function eachOnce<Asked, Answer>(ask: (asked: Asked) => Answer): (asked: Asked) => Answer {
  const known = new Map<Asked, Answer>();
  return (asked) => {
    const before = known.get(asked);
    if (before !== undefined) return before;
    const answer = ask(asked);
    known.set(asked, answer);
    return answer;
  };
}
