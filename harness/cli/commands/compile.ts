import type { Entry } from '#contract/diagnostic.ts'
import { ok } from '#contract/error.ts'
import { formatNs } from '#contract/quantity-text.ts'
import { type Command, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatDiagnostic } from '../output.ts'
import { readSourceOptions, sourceOptions } from '../source-options.ts'

function describeEntry({ name, bindings, constants }: Entry): string {
  const arguments_ = bindings.map(
    ({ index, kind, type, access, name: argument }) =>
      `    ${kind} ${index}  ${type} ${argument}  (${access.replace('_', '/')})`,
  )
  const values = constants.map(
    ({ index, type, name: constant }) => `    function constant ${index}  ${type} ${constant}`,
  )
  return [`  ${name}`, ...arguments_, ...values].join('\n')
}

export const command: Command = {
  summary: 'compile a file and list its kernels',
  usage: 'FILE [--entry E] [-I DIR] [-D NAME=V] [--constant NAME=V] [--device ID]',
  options: { ...sourceOptions, entry: { type: 'string' } },
  async run(invocation) {
    const source = readSourceOptions(invocation)
    if (!source.ok) return source
    const device = await invocation.device()
    if (!device.ok) return device
    const entry = textOf(invocation, 'entry')
    const compiled = await invocation
      .lab()
      .request('cli.compile', { device: device.value, ...source.value, ...(entry === undefined ? {} : { entry }) })
    if (!compiled.ok) return compiled
    const report = compiled.value
    const { frontEndNs, optimiseNs, linkNs, cached } = report.timing
    const time = `front end ${formatNs(frontEndNs)}, optimise ${formatNs(optimiseNs)}, link ${formatNs(linkNs)}${cached ? ', from the cache' : ''}`
    const text = [
      ...report.diagnostics.map(formatDiagnostic),
      report.ok ? `compiles (${report.compiler}; ${time})` : 'does not compile',
      ...report.entries.map(describeEntry),
    ].join('\n')
    return ok({ document: report, text, exitCode: report.ok ? exitCodes.success : exitCodes.negative })
  },
}
