import { addressText } from '../http/address.ts';
import type { Context } from './context.ts';
import type { RunningNode } from './run-node.ts';

/** Says what listens where. `place` is where what is served comes from; `hint` says how it is changed. */
export function announceNode(context: Context, node: RunningNode, place: string, hint = ''): void {
  const { version, faces } = context;
  const { workers } = node;
  context.print(`Sluice ${version.version} serves revision ${node.revision} of ${place}`);
  const by = workers === 0 ? '' : `, ${workers} worker${workers === 1 ? '' : 's'}`;
  context.print(`  public  ${listenUrl(node)}  (${namesOf(faces)}${by})`);
  if (node.publicUrl !== undefined) context.print(`  called  ${node.publicUrl}`);
  context.print(
    node.admin === undefined
      ? '  admin   off'
      : `  admin   http://${addressText(node.admin)}  (${node.adminFaces.join(', ')})${hint}`,
  );
  context.print('  dns     not yet');
}

/** Prints commands that ask for what the sample world has. */
export function tellWhatToTry(context: Context, node: RunningNode): void {
  const url = node.publicUrl ?? listenUrl(node);
  const client = '20261010000000/Linux_x86_64-gcc3/en-US/release/Linux/default/default/update.xml';
  context.print('Try:');
  context.print(`  curl '${url}/update/3/MyApp/1.0.5/${client}'            throttled: no update`);
  context.print(`  curl '${url}/update/3/MyApp/1.0.5/${client}?force=1'    asked by hand: MyApp 2.0.3`);
  context.print(`  curl -i '${url}/update/3/Firefox/156.0/${client}'       one in four gets 158.0, the others 157.0`);
}

/** Prints the link with which the first administrator signs in. */
export function tellFirstLink(context: Context, link: string): void {
  context.print('Nobody administers this server yet. Within a day, open once, to become who does:');
  context.print(`  ${link}`);
}

function listenUrl({ listener, scheme }: RunningNode): string {
  return `${scheme}://${addressText(listener)}`;
}

function namesOf(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ');
}
