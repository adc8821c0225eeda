/** Thrown where what a database holds cannot have been written by us. */
export class Damage extends Error {}
