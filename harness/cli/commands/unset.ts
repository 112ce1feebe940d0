import { fail, ok, type Result } from '#contract/error.ts'
import { type Flag, flagSchema, provableFlags } from '#contract/manifest.ts'
import { Workspace } from '../../catalog/workspace.ts'
import { unsetFlag } from '../../catalog/write-flags.ts'
import { type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

function readOptions(invocation: Invocation): Result<{ variant: string; flag: Flag }> {
  const variant = textOf(invocation, 'variant')
  const flag = flagSchema.safeParse(textOf(invocation, 'flag'))
  if (variant === undefined) return fail({ kind: 'invalid', message: 'which variant? --variant backend/name' })
  if (!flag.success) return fail({ kind: 'invalid', message: `which flag? --flag ${provableFlags.join('|')}` })
  return ok({ variant, flag: flag.data })
}

export const command: Command = {
  summary: 'turn a flag off in the manifest',
  usage: '--variant backend/name --flag FLAG',
  options: { variant: { type: 'string' }, flag: { type: 'string' } },
  maxPositionals: 0,
  async run(invocation) {
    const target = readOptions(invocation)
    if (!target.ok) return target
    const workspace = Workspace.open(invocation.workspaceRoot)
    if (!workspace.ok) return workspace
    const unset = unsetFlag(workspace.value, target.value)
    if (!unset.ok) return unset
    const { variant, flag } = target.value
    return ok({
      document: { variant, flag, state: 'off' },
      text: `${variant}: ${flag} is off`,
      exitCode: exitCodes.success,
    })
  },
}
