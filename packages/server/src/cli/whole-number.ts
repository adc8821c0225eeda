import { Problem } from '../problem.ts';

/** Makes the reader of an argument or option that is a whole number. @throws Problem `usage`. */
export function wholeNumber(what: string, least = 1): (text: string) => number {
  return (text) => {
    const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least) return number;
    throw new Problem('usage', `${what} is a whole number from ${least} on, not ${text}`);
  };
}
