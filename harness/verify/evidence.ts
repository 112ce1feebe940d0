import type { Finding } from '#contract/analysis.ts'
import type { EvidenceRecord, GateResult, ProofReport } from '#contract/evidence.ts'
import type { Mutant } from '#contract/mutant.ts'
import { paddedGate } from './padded-gates.ts'

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
  const { gate, shape, seed, worst, detail, tier } = result
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
    message: `gate ${gate} on ${shape}, seed ${seed}${way}: ${sentenceOf(result, at) ?? detail ?? 'failed'}`,
  }
}

function sentenceOf({ gate, margin, detail }: GateResult, at: Place): string | undefined {
  if (!gate.startsWith(paddedGate)) return sentences[gate]?.(at, { margin, detail })
  const sentence = sentences[gate.slice(paddedGate.length)]
  return sentence ? `${sentence(at, { margin, detail: '' })} (${detail})` : undefined
}

const nowhere = { seed: 0, index: 0, expected: null, actual: null }

/** What watching found, as a failed gate. */
export function findingFailure({
  shape,
  finding,
}: {
  shape: string
  finding: Finding
}): ProofReport['failures'][number] {
  const { file, line, message } = finding
  const place = `${file.slice(file.lastIndexOf('/') + 1)}:${line}`
  return { gate: 'sanitizer', ...nowhere, shape, seed: 1, message: `gate sanitizer on ${shape}, ${place}: ${message}` }
}

/** A mutant that no gate noticed, as a failed gate. */
export function survivorFailure({ id, change, reason }: Mutant): ProofReport['failures'][number] {
  return {
    gate: 'mutants',
    ...nowhere,
    shape: '',
    message: `gate mutants: ${id} (${change}) was not noticed: ${reason ?? ''}`,
  }
}

/** Mutants of which none was rejected, as a failed gate: nothing shows then that a fault in this kernel would be noticed. */
export function unnoticedFailure(mutants: readonly Mutant[]): ProofReport['failures'][number] {
  const why =
    mutants.length === 0
      ? 'no fault that compiles could be put into what the kernel runs'
      : `of ${mutants.length} faults put into the kernel none was rejected`
  const message = `gate mutants: ${why}: nothing shows that the gates would notice one`
  return { gate: 'mutants', ...nowhere, shape: '', message }
}

type Place = Omit<ProofReport['failures'][number], 'message'>
type Sentence = (at: Place, more: { margin: number | undefined; detail: string | undefined }) => string

const textOfValue = (value: number | null) => (value === null ? 'not a finite number' : String(value))
const difference = (at: Place) =>
  `output ${at.index} is ${textOfValue(at.actual)}, expected ${textOfValue(at.expected)}`

const sentences: Record<string, Sentence> = {
  bound: (at, { margin = 0, detail }) =>
    `${difference(at)}${margin < Number.MAX_VALUE ? `, ${margin.toPrecision(3)} times the allowed error` : ''}${
      detail ? ` (${detail})` : ''
    }`,
  exact: (at, { detail }) => `${difference(at)}, bit for bit (${detail})`,
  poison: (at, { detail }) =>
    `output ${at.index}, expected ${textOfValue(at.expected)}, was left as it was (${detail})`,
}
