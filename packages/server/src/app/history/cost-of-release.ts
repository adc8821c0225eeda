/** What a scan is charged for a release of which nobody has found out yet where it lies: all of it has to be read for that. */
export const costOfRelease = 10;
