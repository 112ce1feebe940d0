import { type Estimate, median, relativeHalfWidth } from '#harness/bench/statistics.ts'
import { nameOf } from './cases.ts'
import type { BitDifference } from './check.ts'
import type { Measured, Outcome } from './measure.ts'
import { ratioOf, type SideKey, speedOf, spreadOf } from './ratios.ts'
import { findSide, sideNames } from './side.ts'

const none = '–'

const percent = (share: number) =>
  Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %` : none

function ratioText(estimate: Estimate | null, digits = 2, scale = 1): string {
  if (!estimate) return none
  return `${(scale * estimate.value).toFixed(digits)} ±${percent(relativeHalfWidth(estimate))}`
}

function bitsText(bits: BitDifference | null): string {
  if (!bits) return ''
  return bits.count === 0 ? 'same' : `${bits.count} differ, at most ${bits.maxUlp} ulp`
}

/** The tier's name; auto with what it took. The same build as another row's is said to be. */
function labelOf({ name, chosen }: Outcome): string {
  return chosen ? `auto = ${chosen.tier}` : name
}

function rowOf(measured: Measured, outcome: Outcome): string {
  const { one } = measured
  const { name, threads, laps, margin } = outcome
  const head = [nameOf(one), labelOf(outcome), threads]
  const error = Number.isFinite(margin) && margin < 1e3 ? margin.toFixed(2) : '> 1000'
  if (outcome.wrong !== null) return row([...head, 'wrong', '', '', '', '', '', '', error, bitsText(outcome.bits)])
  const self: SideKey = [name, threads]
  const beside = (other: 'fiber' | 'PoCL' | 'OpenBLAS') =>
    other === name ? null : ratioOf(measured, self, [other, threads])
  return row([
    ...head,
    speedOf(one, outcome).toFixed(2),
    one.family === 'sgemm' ? 'GFLOP/s' : 'GB/s',
    ratioText(beside('fiber')),
    ratioText(beside('PoCL')),
    ratioText(beside('OpenBLAS'), 1, 100),
    percent(spreadOf(outcome)),
    laps.length,
    error,
    bitsText(outcome.bits),
  ])
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

const columns = [
  ['kernel', '---'],
  ['tier', '---'],
  ['threads', '---:'],
  ['speed', '---:'],
  ['unit', '---'],
  ['÷ fiber', '---:'],
  ['÷ PoCL', '---:'],
  ['% of OpenBLAS', '---:'],
  ['A/A', '---:'],
  ['rounds', '---:'],
  ['error ÷ bound', '---:'],
  ['bits of fiber', '---'],
] as const

/** The whole table as Markdown: by case, then threads, then side. */
export function table(all: readonly Measured[]): string {
  const lines = all.flatMap((measured) =>
    [1, 2].flatMap((threads) =>
      sideNames.flatMap((name) => {
        const outcome = findSide(measured.outcomes, name, threads)
        return outcome ? [rowOf(measured, outcome)] : []
      }),
    ),
  )
  return [row(columns.map(([name]) => name)), row(columns.map(([, rule]) => rule)), ...lines].join('\n')
}

/** Processor time ÷ elapsed time of each side while it ran at 512³: whether all had the threads that they were given. */
export function threadsInUse(all: readonly Measured[]): string {
  const large = all.filter(({ one }) => one.m === 512)
  const texts = [1, 2].flatMap((threads) => {
    const shares = (['fiber', 'auto', 'PoCL', 'OpenBLAS'] as const).flatMap((name) => {
      const laps = large.flatMap(({ outcomes }) => findSide(outcomes, name, threads)?.laps ?? [])
      return laps.length > 0 ? [`${name} ${median(laps.map(({ busy }) => busy)).toFixed(2)}`] : []
    })
    return shares.length > 0 ? [`${threads} thread${threads === 1 ? '' : 's'}: ${shares.join(', ')}`] : []
  })
  return texts.length > 0 ? texts.join('; ') : 'not measured'
}

/** Why a result is wrong, a tier was not there, or not chosen: one line each, equal ones once. */
export function notes(all: readonly Measured[]): string[] {
  const lines = all.flatMap(({ one, outcomes, refusals }) => [
    ...outcomes.flatMap((outcome) =>
      outcome.wrong === null
        ? []
        : [`wrong: ${nameOf(one)}, ${labelOf(outcome)}, ${outcome.threads} threads: ${outcome.wrong}`],
    ),
    ...refusals.filter(({ tier }) => tier === 'vector').map(({ reason }) => `${one.name}: ${reason}`),
    ...outcomes.flatMap(({ chosen, threads }) =>
      chosen && chosen.reason !== ''
        ? [`${nameOf(one)}, ${threads} threads: auto took ${chosen.tier}: ${chosen.reason}`]
        : [],
    ),
  ])
  return [...new Set(lines)]
}
