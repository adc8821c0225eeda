import { Command } from 'commander';
import { listAuditCommand } from './audit/list.ts';
import { verifyAuditCommand } from './audit/verify.ts';
import type { Context } from './context.ts';
import type { End } from './end.ts';

/** `sluice audit …`. */
export function auditCommand(context: Context, end: End): Command {
  return new Command('audit')
    .summary('read and verify the audit log')
    .description('Reads the audit log, and verifies that nobody has altered it.')
    .addCommand(listAuditCommand(context))
    .addCommand(verifyAuditCommand(context, end));
}
