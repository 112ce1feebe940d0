import type { PrecisionSide } from '#contract/precision.ts'

export interface UlpBin {
  label: string
  /** One count per side. */
  counts: number[]
}

/** The bins of all sides on one axis, up to the last that anyone has outputs in. */
export function ulpBins(sides: readonly Pick<PrecisionSide, 'ulpHistogram'>[]): UlpBin[] {
  const edges = [...new Set(sides.flatMap((side) => side.ulpHistogram.map((bin) => bin.upTo)))].sort(byEdge)
  const countAt = (side: Pick<PrecisionSide, 'ulpHistogram'>, edge: number | null) =>
    side.ulpHistogram.find((bin) => bin.upTo === edge)?.count ?? 0
  const bins = edges.map((edge, index) => ({
    label: label(edges[index - 1], edge),
    counts: sides.map((side) => countAt(side, edge)),
  }))
  const last = bins.findLastIndex((bin) => bin.counts.some((count) => count > 0))
  return bins.slice(0, Math.max(last + 1, Math.min(4, bins.length)))
}

function byEdge(a: number | null, b: number | null): number {
  return (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)
}

function label(below: number | null | undefined, upTo: number | null): string {
  if (upTo === null) return `> ${edgeText(below ?? 0)}`
  return `≤ ${edgeText(upTo)}`
}

function edgeText(edge: number): string {
  if (edge === 0.5) return '½'
  return edge >= 1024 ? `2^${Math.log2(edge)}` : String(edge)
}
