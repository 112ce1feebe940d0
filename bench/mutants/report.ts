import type { Mutant } from '#contract/mutant.ts'
import type { Study } from './study.ts'

const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`)
const count = (mutants: readonly Mutant[], is: (mutant: Mutant) => boolean) => mutants.filter(is).length

/** Faults, and what is none: a mutant that nothing tells from the kernel, or that is never run. */
function tally(mutants: readonly Mutant[]) {
  const rejected = count(mutants, ({ outcome }) => outcome === 'rejected')
  const isUnrun = ({ reason }: Mutant) => /^none of the /.test(reason ?? '')
  const isSame = ({ reason }: Mutant) => /^the same bits/.test(reason ?? '')
  const unrun = count(mutants, isUnrun)
  const same = count(mutants, isSame)
  return { all: mutants.length, rejected, same, unrun, tolerated: mutants.length - rejected - same - unrun }
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const columns = ['mutants', 'rejected', 'the same bits', 'never run', 'tolerated', 'rejected of faults']
const cells = (mutants: readonly Mutant[]) => {
  const { all, rejected, same, unrun, tolerated } = tally(mutants)
  return [all, rejected, same, unrun, tolerated, percent(rejected, rejected + tolerated)]
}

/** The whole result as Markdown. */
export function reportOf(
  studies: readonly Study[],
  skipped: readonly { variant: string; skipped: string }[],
  head: readonly string[],
): string {
  const all = studies.flatMap(({ mutants }) => mutants)
  const operators = [...new Set(all.map(({ operator }) => operator))].sort()
  const gates = Object.groupBy(
    all.filter(({ outcome }) => outcome === 'rejected'),
    ({ gate }) => gate ?? '',
  )
  const seeds = studies.reduce((sum, study) => sum + study.seeds, 0)
  const refused = studies.flatMap(({ variant, refused: own }) => own.map((text) => `- ${variant}: ${text}`))
  const tolerated = studies.flatMap(({ variant, mutants }) =>
    mutants
      .filter((mutant) => mutant.outcome !== 'rejected' && !/^(?:the same bits|none of the )/.test(mutant.reason ?? ''))
      .map(({ id, change, reason }) => `- ${variant} ${id}: \`${change}\`: ${reason}`),
  )
  const byGate = Object.entries(gates).map(([gate, own]) => `${gate} ${own?.length ?? 0}`)
  return `${[
    ...head,
    '',
    `${all.length} mutants of ${studies.length} kernels. A mutant that writes the same bits on every shape that runs the`,
    'faulty line, with nothing found, is no fault; nor is one in a line that no shape runs. "Tolerated" are those that write',
    'other bits on random data, within the bound, and the same on ±1 data.',
    '',
    table(
      ['kernel', ...columns],
      [...studies.map(({ variant, mutants }) => [variant, ...cells(mutants)]), ['**all**', ...cells(all)]],
    ),
    '',
    `Rejected by gate: ${byGate.join(', ')}.`,
    '',
    table(
      ['operator', ...columns],
      operators.map((operator) => [operator, ...cells(all.filter((mutant) => mutant.operator === operator))]),
    ),
    '',
    ...(tolerated.length > 0 ? ['Tolerated:', '', ...tolerated, ''] : []),
    `The right kernels over ${seeds} seeds (${studies[0]?.seeds ?? 0} each), random and ±1 data: ${refused.length} refused.`,
    ...refused,
    ...(skipped.length > 0
      ? ['', 'Not studied:', '', ...skipped.map((one) => `- ${one.variant}: ${one.skipped}`)]
      : []),
  ].join('\n')}\n`
}
