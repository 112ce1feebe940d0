import { ok, type Result } from '#contract/error.ts'
import { checkGlob, matchesVariant } from '../../catalog/glob.ts'
import { type Command, type Invocation, textOf } from '../command.ts'
import { listFlags } from '../device-flags.ts'
import { exitCodes } from '../exit-codes.ts'
import { openManifest } from '../open-workspace.ts'
import { table } from '../output.ts'
import { jobsHere, proveVariants } from '../prove-variants.ts'

/** Dry proofs of everything that is off; what they find the flags then say. */
async function askWhatCouldBe(invocation: Invocation, ids: ReadonlySet<string>): Promise<Result<void>> {
  const device = await invocation.device()
  if (!device.ok) return device
  const listed = await listFlags(invocation)
  if (!listed.ok) return listed
  const off = listed.value.filter(({ variant, state }) => ids.has(variant) && state === 'off')
  const byVariant = Object.entries(Object.groupBy(off, ({ variant }) => variant))
  const tasks = byVariant.map(([variant, own = []]) => ({ variant, flags: own.map(({ flag }) => flag) }))
  const jobs = Number(textOf(invocation, 'jobs') ?? jobsHere())
  const proofs = await proveVariants(invocation, tasks, { device: device.value, isDry: true, jobs })
  return proofs.ok ? ok(undefined) : proofs
}

export const command: Command = {
  summary: 'list the flags of every variant: off, claimed or proven, and why',
  usage: `[--variants GLOB] [--could-be] [--jobs N] [--device ID]
A flag is proven on a kind of device: --device says on which it is asked, the first that can compile when it is left out.
--could-be puts every flag that is off through its gates, writes nothing, and says which of them could be true.`,
  options: { variants: { type: 'string' }, 'could-be': { type: 'boolean' }, jobs: { type: 'string' } },
  maxPositionals: 0,
  async run(invocation) {
    const opened = openManifest(invocation.workspaceRoot)
    if (!opened.ok) return opened
    const { reading } = opened.value
    const glob = textOf(invocation, 'variants') ?? '*'
    const matched = checkGlob(textOf(invocation, 'variants'), reading)
    if (!matched.ok) return matched
    const ids = new Set(reading.variants.filter((variant) => matchesVariant(glob, variant)).map(({ id }) => id))
    if (invocation.values['could-be'] === true) {
      const asked = await askWhatCouldBe(invocation, ids)
      if (!asked.ok) return asked
    }
    const listed = await listFlags(invocation)
    if (!listed.ok) return listed
    const flags = listed.value.filter(({ variant }) => ids.has(variant))
    const rows = flags.map(({ variant, flag, state, device, reason, couldBe }) =>
      couldBe
        ? [variant, flag, couldBe.isTrue ? 'off, could be true' : 'off', device, couldBe.reason]
        : [variant, flag, state, device, reason],
    )
    return ok({
      document: { flags },
      text: table(['variant', 'flag', 'state', 'on', 'reason'], rows),
      exitCode: exitCodes.success,
    })
  },
}
