import { fail, ok, type Result } from '#contract/error.ts'
import { modeSchema, type Row } from '#contract/row.ts'
import { rowDocument } from '#contract/row-document.ts'
import type { Shape } from '#contract/shape.ts'
import { type Command, type Invocation, textOf } from '../command.ts'
import { exitCodeOfRows } from '../exit-code-of-rows.ts'
import { describeRow } from '../row-text.ts'
import { runToEnd } from '../run-to-end.ts'
import { readTargetOptions, type TargetOptions, targetOptions, targetUsage } from '../target-options.ts'

type Measuring = Omit<TargetOptions, 'shapes'> & { device: string; mode: Row['identity']['mode']; isCold: boolean }

async function benchShape(invocation: Invocation, options: Measuring, shape: Shape): Promise<Result<Row>> {
  const lab = invocation.lab()
  const outcome = await runToEnd(lab, () => lab.request('cli.bench.start', { ...options, shape }), invocation.log)
  if (!outcome.ok) return outcome
  if (outcome.value.kind === 'bench') return ok(outcome.value.row)
  if (outcome.value.kind === 'failed') return fail(outcome.value.error)
  return fail({ kind: 'internal', message: `a bench ended as a ${outcome.value.kind}` })
}

export const command: Command = {
  summary: 'measure a kernel beside the baseline, after verifying both',
  usage: `${targetUsage} [--mode single|batched|graph] [--cold] [--device ID]`,
  options: { ...targetOptions, mode: { type: 'string' }, cold: { type: 'boolean' } },
  async run(invocation) {
    const read = readTargetOptions(invocation)
    if (!read.ok) return read
    const mode = modeSchema.safeParse(textOf(invocation, 'mode') ?? 'single')
    if (!mode.success)
      return fail({ kind: 'invalid', message: `--mode must be one of ${modeSchema.options.join(', ')}` })
    const device = await invocation.device()
    if (!device.ok) return device
    const { shapes, ...target } = read.value
    const rows: Row[] = []
    for (const shape of shapes) {
      const options = { ...target, device: device.value, mode: mode.data, isCold: invocation.values.cold === true }
      const row = await benchShape(invocation, options, shape)
      if (!row.ok) return row
      rows.push(row.value)
      // An interrupt cancels the bench under way and is meant for all of them.
      if (row.value.status === 'cancelled') break
    }
    return ok({
      document: { rows: rows.map(rowDocument) },
      text: rows.map(describeRow).join('\n\n'),
      exitCode: exitCodeOfRows(rows, ({ status }) => status !== 'ok'),
    })
  },
}
