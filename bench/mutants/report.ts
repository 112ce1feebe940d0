import type { Mutant } from '#contract/mutant.ts'
import type { Study } from './study.ts'

const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`)
const count = (mutants: readonly Mutant[], is: (mutant: Mutant) => boolean) => mutants.filter(is).length

/** What became of them: `same` are the only ones that are certainly no faults. */
function tally(mutants: readonly Mutant[]) {
  const rejected = count(mutants, ({ outcome }) => outcome === 'rejected')
  const same = count(mutants, isSame)
  const tolerated = count(mutants, isTolerated)
  const untested = count(mutants, ({ outcome }) => outcome === 'untested')
  const survived = count(mutants, ({ outcome }) => outcome === 'survived')
  return { all: mutants.length, rejected, same, tolerated, untested, survived }
}

const isSame = ({ outcome, reason }: Mutant) => outcome === 'equivalent' && /^the same (bits|code)/.test(reason ?? '')
const isTolerated = (mutant: Mutant) => mutant.outcome === 'equivalent' && !isSame(mutant)

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const columns = [
  'mutants',
  'rejected',
  'the same code or bits',
  'tolerated',
  'untested',
  'survived',
  'rejected of all',
  'rejected of all but those',
]
const cells = (mutants: readonly Mutant[]) => {
  const { all, rejected, same, tolerated, untested, survived } = tally(mutants)
  const shares = [percent(rejected, all), percent(rejected, all - same)]
  return [all, rejected, same, tolerated, untested, survived, ...shares]
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
  const listed = (is: (mutant: Mutant) => boolean) =>
    studies.flatMap(({ variant, mutants }) =>
      mutants.filter(is).map(({ id, change, reason }) => `- ${variant} ${id}: \`${change}\`: ${reason}`),
    )
  const lists = [
    ['Survived', listed(({ outcome }) => outcome === 'survived')],
    ['Untested', listed(({ outcome }) => outcome === 'untested')],
    ['Tolerated', listed(isTolerated)],
  ] as const
  const byGate = Object.entries(gates).map(([gate, own]) => `${gate} ${own?.length ?? 0}`)
  return `${[
    ...head,
    '',
    `${all.length} mutants of ${studies.length} kernels. A mutant that writes the same bits on every shape that runs the`,
    'faulty line, with nothing found, is no fault. "Tolerated" are those that write other bits on random data, within the',
    'bound, and the same on ±1 data; "untested" those in a line that no shape is seen to run, which nobody noticed.',
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
    ...lists.flatMap(([name, own]) => (own.length > 0 ? [`${name}:`, '', ...own, ''] : [])),
    `The right kernels over ${seeds} seeds (${studies[0]?.seeds ?? 0} each), random and ±1 data: ${refused.length} refused.`,
    ...refused,
    ...(skipped.length > 0
      ? ['', 'Not studied:', '', ...skipped.map((one) => `- ${one.variant}: ${one.skipped}`)]
      : []),
  ].join('\n')}\n`
}
