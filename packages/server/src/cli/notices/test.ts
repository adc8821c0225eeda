import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { Problem } from '../../problem.ts';
import type { Context } from '../context.ts';
import { printLines } from '../print-lines.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';

interface ShownNotice {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly trouble?: string;
}

const lookEveryMs = 500;
const mostLooks = 60;

/** `sluice notices test NAME`. */
export function testNotifierCommand(context: Context): Command {
  return addApiOptions(new Command('test').summary('try a notifier out, and wait for what comes of it'))
    .description(
      'Has a notifier send a notice that says nothing but that it works, and waits half a minute for it to go out.',
    )
    .argument('<notifier>', 'the name of the notifier')
    .action(async (notifier: string, options: ApiOptions) => {
      const api = openApi(context, options);
      const { body } = await api.send<ShownNotice>('POST', '/notices/self-test', { notifier });
      for (let look = 0; look < mostLooks; look += 1) {
        await pause(lookEveryMs);
        const { body: page } = await api.get<{ readonly notices: readonly ShownNotice[] }>('/notices', { notifier });
        const found = page.notices.find(({ id }) => id === body.id);
        if (found?.state === 'delivered') return printLines(context, [`notifier ${notifier} works`]);
        if (found?.trouble !== undefined) {
          throw new Problem('notice-missing', `notifier ${notifier} could not be reached: ${found.trouble}`);
        }
      }
      throw new Problem(
        'notice-missing',
        `notifier ${notifier} has not sent it yet; sluice notices says what came of it`,
      );
    });
}
