import { formatNs } from '#contract/quantity-text.ts'
import { type ArmTimes, layoutText, neighboursText, type Roof, type Row, repeatsText } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'

/** A row for people: the ratio first, then times, then errors, then how it was stopped. */
export function describeRow(row: Row): string {
  const lines = [`${row.variant}  ${formatShape(row.shape)}  on ${row.device}: ${row.status}`]
  if (row.reason) lines.push(`  ${row.reason}`)
  if (row.location) lines.push(`  at ${row.location.file}:${row.location.line}`)
  if (row.ratio)
    lines.push(
      `  ${row.verdict}: ${row.ratio.value.toFixed(3)} × the baseline's time (95 %, here: ${row.ratio.low.toFixed(3)} to ${row.ratio.high.toFixed(3)})`,
    )
  if (row.verdictReason) lines.push(`  ${row.verdictReason}`)
  for (const [name, text] of [
    ['repeats', repeatsText(row)],
    ['neighbours', neighboursText(row)],
  ])
    if (text) lines.push(`  ${name}: ${text}`)
  if (row.layout) lines.push(`  ${layoutText(row.layout)}; the baseline's B lay as the shape says`)
  if (row.kernel) lines.push(`  kernel    ${timesText(row.kernel)}${errorText(row.error)}`)
  else if (row.error) lines.push(`  kernel    ${errorText(row.error).slice(2)}`)
  lines.push(`  baseline  ${baselineText(row)}`)
  if (row.roof) lines.push(`  roof      ${roofText(row.roof, row)}`)
  const overhead = overheadText(row)
  if (overhead) lines.push(`  host time of one more dispatch, ${row.identity.mode}: ${overhead}`)
  if (row.gauge) lines.push(`  kernel against itself: ${gaugeText(row.gauge)}`)
  if (row.stop && row.kernel)
    lines.push(
      `  ${row.kernel.samples.length} samples of ${row.kernel.iterations}, stopped by ${row.stop}${capText(row)}; ${row.identity.cache}, ${row.identity.mode}`,
    )
  if (row.identity.tier) lines.push(`  tier ${row.identity.tier}${row.tierReason ? ` (${row.tierReason})` : ''}`)
  lines.push(`  flags of this shape: ${claimText(row)}`)
  return lines.join('\n')
}

/** What stands behind the kernel on this shape in the manifest. */
function claimText({ claim, variant, reason }: Row): string {
  if (claim !== 'none') return claim === 'proven' ? 'proven' : 'claimed, and not proven'
  if (variant.includes(':')) return 'none, it is not in the manifest'
  return reason?.includes('the manifest does not claim this shape') ? 'off' : 'it needs none'
}

function capText({ stop, capNs }: Row): string {
  return stop === 'time-cap' && capNs !== undefined ? ` of a sweep (${formatNs(capNs)})` : ''
}

function gaugeText({
  ratio,
  low,
  high,
  verdict,
  cannotCall,
  falseVerdicts,
  comparisons,
}: NonNullable<Row['gauge']>): string {
  const called = cannotCall ? 'too few rounds to call a winner' : verdict
  const counted = comparisons === 0 ? 'not measured' : `${falseVerdicts} of ${comparisons}`
  const today = comparisons === undefined ? '' : `; false verdicts today: ${counted}`
  return `${ratio.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}, ${called})${today}`
}

function roofText({ leastNs, boundBy, level, bytesPerSecond, flopsPerSecond }: Roof, row: Row): string {
  const giga = (rate: number) => (rate / 1e9).toPrecision(3)
  const why = boundBy === 'memory' ? `${giga(bytesPerSecond)} GB/s from ${level}` : `${giga(flopsPerSecond)} GFLOP/s`
  const arms = [['kernel', row.kernel?.roofFraction] as const, ['baseline', row.baseline.roofFraction] as const]
  const shares = arms.flatMap(([name, share]) =>
    share === undefined ? [] : [`${name} ${(share * 100).toPrecision(3)} % of it`],
  )
  return [`${formatNs(leastNs)} at ${why}`, ...shares].join(', ')
}

function overheadText({ kernel, baseline }: Row): string {
  const arms = [
    ['kernel', kernel],
    ['baseline', baseline],
  ] as const
  return arms
    .flatMap(([name, arm]) => {
      const cost = arm?.overheadNsPerDispatch
      if (cost) return [`${name} ${formatNs(cost.value)} (${formatNs(cost.low)} to ${formatNs(cost.high)})`]
      return arm?.overheadUnresolved === undefined ? [] : [`${name} not resolved`]
    })
    .join(', ')
}

function baselineText({ baseline }: Row): string {
  const { name, missing, samples, lowNs, highNs } = baseline
  if (missing) return `${name}: ${missing}`
  if (!samples || lowNs === undefined || highNs === undefined) return `${name}${errorText(baseline.error)}`
  return `${timesText({ ...baseline, samples, lowNs, highNs })}  ${name}${errorText(baseline.error)}`
}

function timesText({ gpuNs, cpuNs, lowNs, highNs }: Partial<ArmTimes> & Pick<ArmTimes, 'lowNs' | 'highNs'>): string {
  const domain = gpuNs !== undefined ? 'GPU' : cpuNs !== undefined ? 'CPU' : 'device'
  const middle = gpuNs ?? cpuNs ?? (lowNs + highNs) / 2
  return `${formatNs(middle)} of ${domain} time (${formatNs(lowNs)} to ${formatNs(highNs)})`
}

function errorText(error: Row['error']): string {
  if (!error) return ''
  if (error.unwritten > 0) return `, ${error.unwritten} outputs unwritten`
  return `, max error ${error.maxAbs.toExponential(2)} (${error.maxUlp.toPrecision(3)} ULP, ${error.bound.toPrecision(3)} of the bound)`
}
