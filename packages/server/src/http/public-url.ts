import { z } from 'zod';

/** An absolute address of HTTP to which paths can be added; it comes out without a slash at its end. */
export const publicUrlSetting = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '' && !/[?#\s]/.test(text);
  if (isPlain && /^https?:\/\//i.test(text)) return url.href.replace(/\/+$/, '');
  context.addIssue({
    code: 'custom',
    message: 'is no http or https URL without user, query and fragment, such as https://updates.example.org',
  });
  return z.NEVER;
});
