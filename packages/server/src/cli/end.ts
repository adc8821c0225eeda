/** Says with which code the program ends, where a command that did what it was asked has another to tell than 0. */
export type End = (code: 1 | 2) => void;
