import { Command } from 'commander';
import type { Context } from './context.ts';
import { kindArgument } from './kind-argument.ts';
import { objectAddress } from './object-address.ts';
import { printLines } from './print-lines.ts';
import { objectText, type WrittenObject } from './tree/write-tree.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';

interface ShowOptions extends ApiOptions {
  readonly asOf?: string;
  readonly json?: true;
}

interface ShownObject extends WrittenObject {
  readonly version: number;
  readonly revision: number;
}

/** `sluice show KIND NAME`. */
export function showCommand(context: Context): Command {
  return addApiOptions(new Command('show').summary('show an object, as it is or was'))
    .description('Shows one object as YAML that sluice put and sluice change propose --put take.')
    .addArgument(kindArgument())
    .argument('<name>')
    .option('--as-of <moment>', 'as it was at a revision, or at a time such as 2026-12-01T10:00:00Z')
    .option('--json', 'print what the API answers')
    .action(async (kind: ShownObject['kind'], name: string, options: ShowOptions) => {
      const api = openApi(context, options);
      const { body } = await api.get<ShownObject>(objectAddress({ kind, name }), { asOf: options.asOf });
      if (options.json === true) context.print(JSON.stringify(body, null, 2));
      else {
        const lines = objectText(body).trimEnd().split('\n');
        printLines(context, [`# version ${body.version}, made by revision ${body.revision}`, ...lines]);
      }
    });
}
