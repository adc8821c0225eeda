/** What an export of all objects begins with, so that it is known again. */
export const exportFormat = 'sluice-export/1';
