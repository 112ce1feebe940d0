import type { DispatchReport, Quantity } from '#contract/inspect.ts'
import { significant } from '../format/digits.ts'
import { formatBytes, formatCount, formatPercent } from '../format/quantity.ts'

interface Fact {
  name: string
  value: string
  /** How the number comes about. */
  formula: string
  bar?: { share: number; isBad: boolean }
}

const times = (triple: readonly Quantity[]) => triple.map(({ value }) => formatCount(value)).join(' × ')
const formulas = (triple: readonly Quantity[]) => triple.map(({ formula }) => formula).join(', ')
const counted = (name: string, { value, formula }: Quantity): Fact => ({ name, value: formatCount(value), formula })

function gridFacts(report: DispatchReport): Fact[] {
  const { emptyLanes, simdgroupsPerGroup } = report
  return [
    { name: 'Grid', value: times(report.grid), formula: formulas(report.grid) },
    counted('Threadgroups', report.threadgroups),
    {
      name: 'Threads of a threadgroup',
      value: times(report.threads),
      formula: `${formulas(report.threads)}: ${report.threadsPerGroup.value} of ${report.maxThreadsPerGroup}`,
    },
    {
      name: 'Simdgroups of a threadgroup',
      value: formatCount(simdgroupsPerGroup.value),
      formula: `${simdgroupsPerGroup.formula}, ${emptyLanes.value} lanes empty`,
    },
    counted('Threads', report.totalThreads),
  ]
}

function memoryFact({ threadgroupBytes: { dynamic, declared, limit } }: DispatchReport): Fact {
  const bytes = dynamic.value + (declared ?? 0)
  return {
    name: 'Threadgroup memory',
    value: `${formatBytes(bytes)} of ${formatBytes(limit)}`,
    formula: `${declared === null ? 'not built: only what is handed over' : `${declared} B declared`} + ${dynamic.value} B handed over (${dynamic.formula})`,
    bar: { share: bytes / limit, isBad: bytes > limit },
  }
}

function tileFacts({ tiling }: DispatchReport): Fact[] {
  if (!tiling) return []
  const { partial, beyond, unusedShare, idleThreads } = tiling
  return [
    { name: 'Partial tiles', value: formatCount(partial.value), formula: partial.formula },
    ...(beyond.value > 0 ? [counted('Threadgroups without outputs', beyond)] : []),
    {
      name: 'Idle threads',
      value: formatCount(Math.round(idleThreads.value)),
      formula: `${formatPercent(unusedShare.value)} of the tiles' outputs are none: ${idleThreads.formula}`,
      bar: { share: unusedShare.value, isBad: unusedShare.value > 0.25 },
    },
  ]
}

function workFacts({ flops, compulsoryBytes, intensity, tiling }: DispatchReport): Fact[] {
  return [
    { name: 'Operations', value: `${significant(flops.value / 1e6)} MFLOP`, formula: flops.formula },
    { name: 'Bytes at the least', value: formatBytes(compulsoryBytes.value), formula: compulsoryBytes.formula },
    ...(tiling
      ? [{ name: 'Bytes tile by tile', value: formatBytes(tiling.tileBytes.value), formula: tiling.tileBytes.formula }]
      : []),
    { name: 'Intensity', value: `${significant(intensity.value)} FLOP/B`, formula: intensity.formula },
  ]
}

/** What the launch is in numbers, each with how it comes about. */
export function LaunchFacts({ report }: { report: DispatchReport }) {
  const facts = [...gridFacts(report), memoryFact(report), ...tileFacts(report), ...workFacts(report)]
  return (
    <section aria-label="Launch">
      <dl className="dispatch-facts">
        {facts.map(({ name, value, formula, bar }) => (
          <div className="dispatch-fact" key={name} title={formula}>
            <dt>{name}</dt>
            <dd>
              <strong>{value}</strong>
              {bar && (
                <span className="dispatch-track" aria-hidden="true">
                  <span data-bad={bar.isBad || undefined} style={{ width: `${100 * Math.min(1, bar.share)}%` }} />
                </span>
              )}
              <span className="dispatch-formula">{formula}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
