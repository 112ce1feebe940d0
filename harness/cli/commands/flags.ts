import { ok } from '#contract/error.ts'
import { checkGlob, matchesVariant } from '../../catalog/glob.ts'
import { type Command, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openManifest } from '../open-workspace.ts'
import { table } from '../output.ts'

export const command: Command = {
  summary: 'list the flags of every variant: off, claimed or proven, and why',
  usage: '[--variants GLOB]',
  options: { variants: { type: 'string' } },
  maxPositionals: 0,
  async run(invocation) {
    const opened = openManifest(invocation.workspaceRoot)
    if (!opened.ok) return opened
    const { reading } = opened.value
    const glob = textOf(invocation, 'variants') ?? '*'
    const matched = checkGlob(textOf(invocation, 'variants'), reading)
    if (!matched.ok) return matched
    const ids = new Set(reading.variants.filter((variant) => matchesVariant(glob, variant)).map(({ id }) => id))
    // Of the host, which knows the device: what was proven for another compiler or another build is not proven here.
    const listed = await invocation.lab().request('flags.list', {})
    if (!listed.ok) return listed
    const flags = listed.value.flags.filter(({ variant }) => ids.has(variant))
    const rows = flags.map(({ variant, flag, state, reason }) => [variant, flag, state, reason])
    return ok({
      document: { flags },
      text: table(['variant', 'flag', 'state', 'reason'], rows),
      exitCode: exitCodes.success,
    })
  },
}
