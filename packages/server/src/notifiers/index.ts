import type { Notifier } from '../notifier.ts';
import { email } from './email.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Every way of sending notices. A new one is one new file, one line here, and its form in `kinds/notifier.ts`. */
export const notifiers = [email, webhook, slack] as unknown as readonly Notifier[];
