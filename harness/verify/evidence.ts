import type { EvidenceRecord, GateResult, ProofReport } from '#contract/evidence.ts'

/** What each gate saw: how often it ran, and the run that came closest to failing. Sorted by gate. */
export function gateTable(gates: readonly GateResult[]): EvidenceRecord['gates'] {
  const names = [...new Set(gates.map(({ gate }) => gate))].sort()
  return names.map((gate) => {
    const runs = gates.filter((result) => result.gate === gate)
    const worst = runs.reduce((a, b) => ((b.margin ?? -1) > (a.margin ?? -1) ? b : a))
    return {
      gate,
      runs: runs.length,
      worstMargin: worst.margin ?? null,
      worstShape: worst.shape,
      worstSeed: worst.seed,
    }
  })
}

/** A failed gate as a sentence with its place: gate, shape, seed, index, expected, actual. */
export function failureOf(result: GateResult): ProofReport['failures'][number] {
  const { gate, shape, seed, worst, detail, margin, tier } = result
  const way = tier === undefined ? '' : `, ${tier} tier`
  const at = {
    gate,
    shape,
    seed,
    index: worst?.index ?? 0,
    expected: worst?.expected ?? null,
    actual: worst?.actual ?? null,
  }
  return {
    ...at,
    message: `gate ${gate} on ${shape}, seed ${seed}${way}: ${sentences[gate]?.(at, { margin, detail }) ?? detail ?? 'failed'}`,
  }
}

type Place = Omit<ProofReport['failures'][number], 'message'>
type Sentence = (at: Place, more: { margin: number | undefined; detail: string | undefined }) => string

const textOfValue = (value: number | null) => (value === null ? 'not a finite number' : String(value))
const difference = (at: Place) =>
  `output ${at.index} is ${textOfValue(at.actual)}, expected ${textOfValue(at.expected)}`

const sentences: Record<string, Sentence> = {
  bound: (at, { margin = 0 }) =>
    `${difference(at)}${margin < Number.MAX_VALUE ? `, ${margin.toPrecision(3)} times the allowed error` : ''}`,
  exact: (at, { detail }) => `${difference(at)}, bit for bit (${detail})`,
  poison: (at, { detail }) =>
    `output ${at.index}, expected ${textOfValue(at.expected)}, was left as it was (${detail})`,
}
