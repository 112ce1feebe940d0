import type { CatalogVariant } from '#contract/manifest.ts'
import type { Row } from '#contract/row.ts'
import { type ListedShape, shapeSchema } from '#contract/shape.ts'
import {
  countCells,
  type SweepCell,
  type SweepMatrix,
  type SweepOptions,
  type SweepStarted,
  type SweepStatus,
} from '#contract/sweep.ts'
import { fakeRow } from './fake-rows.ts'
import { noise } from './noise.ts'

/** How large a made-up matrix is; absent: the scripted workspace's own variants and shapes. */
export interface FakeSize {
  variants: number
  shapes: number
}

interface Source {
  variants: readonly CatalogVariant[]
  shapes: readonly ListedShape[]
  size?: FakeSize
}

const reasons = [
  'bias not supported',
  'transposeB not supported',
  'smallMN not supported',
  'n < 4096',
  'batch not supported',
]
const backends = ['m1_optimized', 'gemv', 'gemm_tiled', 'sgemm', 'mlx', 'm1_optimized_v2', 'm1_optimized_v7']

function madeUp({ variants, shapes }: FakeSize): Pick<SweepMatrix, 'variants' | 'shapes'> {
  return {
    variants: Array.from({ length: variants }, (_, at) => {
      const backend = backends[Math.floor((at * backends.length) / variants)] ?? 'm1_optimized'
      const name = `dot_product_bn${2 ** (5 + (at % 4))}_tg${64 * (1 + (at % 3))}_v${at}`
      return { id: `${backend}/${name}`, backend, isBaseline: at % 20 === 0, dtype: 'f16' as const }
    }),
    shapes: Array.from({ length: shapes }, (_, at) => ({
      op: at % 4 === 3 ? 'matmul_bias_add' : 'matmul',
      line: 1 + 2 * at,
      role: ['gate+up', 'ffn down', 'attn out', 'fused QKV', 'lm_head', 'attention PV'][at % 6],
      totalMs: 700 / (1 + at),
      shape: shapeSchema.parse({ m: 1, n: 64 * (1 + ((at * 37) % 150)), k: 896, tB: at % 3 > 0, bias: at % 4 === 3 }),
    })),
  }
}

/** A sweep from a script: some cells are gaps, some wrong, some known from before. */
export class FakeSweep {
  readonly #source: () => Source
  readonly #tell: (status: SweepStatus, cells: SweepCell[]) => void
  #serial = 0
  status: SweepStatus | null = null
  readonly rows = new Map<string, Row>()

  constructor(source: () => Source, tell: (status: SweepStatus, cells: SweepCell[]) => void) {
    this.#source = source
    this.#tell = tell
  }

  plan({ isResumed, filter }: SweepOptions): SweepMatrix {
    const { variants, shapes, size } = this.#source()
    const own = variants.map(({ id, backend, isBaseline, dtype }) => ({ id, backend, isBaseline, dtype }))
    const all = size ? madeUp(size) : { variants: own, shapes: [...shapes] }
    const kept = all.variants.filter(({ id }) => filter.every((glob) => id.includes(glob.replaceAll('*', ''))))
    const matrix: SweepMatrix = { variants: kept, shapes: all.shapes, cells: [] }
    const next = noise(7)
    for (const variant of kept.keys()) {
      for (const shape of all.shapes.keys()) {
        const draw = next()
        const reason = reasons[Math.floor(next() * reasons.length)]
        const place = { variant, shape, isCached: false }
        if (draw < 0.4) matrix.cells.push({ ...place, state: 'gap', reason })
        else if (draw < 0.55 && isResumed) matrix.cells.push(this.#measured(matrix, { ...place, state: 'ok' }, true))
        else matrix.cells.push({ ...place, state: 'waiting', claim: draw < 0.8 ? 'proven' : 'claimed' })
      }
    }
    return matrix
  }

  start(options: SweepOptions, stepMs: number): SweepStarted {
    const matrix = this.plan(options)
    const sweepId = `sweep-${++this.#serial}`
    const began = Date.now()
    const startedAt = new Date().toISOString()
    this.status = {
      sweepId,
      state: 'running',
      counts: countCells(matrix.cells),
      elapsedNs: 0,
      measuringNs: 0,
      options,
      startedAt,
      matrix,
    }
    const step = (at: number) => {
      const status = this.status
      if (status?.sweepId !== sweepId) return
      const cell = matrix.cells[at]
      const isOver = status.state !== 'running' || !cell
      if (!isOver && cell.state !== 'waiting') return step(at + 1)
      if (!isOver) matrix.cells[at] = this.#measured(matrix, cell, false)
      const elapsedNs = (Date.now() - began) * 1e6
      const state = status.state === 'running' && isOver ? ('finished' as const) : status.state
      this.status = { ...status, state, counts: countCells(matrix.cells), elapsedNs, measuringNs: elapsedNs * 0.83 }
      const next = matrix.cells.findIndex((candidate, place) => place > at && candidate.state === 'waiting')
      const running = matrix.cells[next]
      this.#tell(
        this.status,
        isOver ? [] : [matrix.cells[at] ?? cell, ...(running ? [{ ...running, state: 'running' as const }] : [])],
      )
      if (!isOver) setTimeout(() => step(at + 1), stepMs)
    }
    setTimeout(() => step(0), stepMs)
    return { sweepId, startedAt, outline: '' }
  }

  cancel(): void {
    if (this.status?.state === 'running') this.status = { ...this.status, state: 'cancelled' }
  }

  #measured(matrix: SweepMatrix, cell: SweepCell, isCached: boolean): SweepCell {
    const { variant, shape } = cell
    const draw = noise(variant * 977 + shape * 131)
    const [fate, where] = [draw(), draw()]
    const measuredAt = new Date(Date.now() - (isCached ? (1 + where * 90) * 3600e3 : 0)).toISOString()
    const rowId = `sweep-row-${variant}-${shape}`
    const base = { ...cell, claim: 'proven' as const, rowId, isCached, measuredAt }
    if (fate < 0.06) return { ...base, state: 'wrong', reason: '896 of 896 outputs are past the bound.' }
    if (fate < 0.08) return { ...base, state: 'timeout', reason: 'No answer within 10 s; the host was started again.' }
    if (fate < 0.1)
      return { ...base, state: 'invalid', reason: 'Faster than the roof allows: 1.2 µs, at least 4.1 µs.' }
    const value = 2 ** (where * 3.4 - 1.4)
    const width = 0.02 + 0.05 * draw()
    const ratio = { value, low: value * (1 - width), high: value * (1 + width) }
    const verdict = ratio.high < 1 ? 'FAST' : ratio.low > 1 ? 'SLOW' : width < 0.03 ? 'SAME' : 'AMBIGUOUS'
    const row = fakeRow({ seed: variant * 100 + shape, ratio0: value, ratio, verdict, isCached, startedAt: measuredAt })
    const about = { variant: matrix.variants[variant]?.id ?? '', shape: matrix.shapes[shape]?.shape ?? row.shape }
    this.rows.set(rowId, { ...row, ...about, id: rowId })
    return { ...base, state: 'ok', ratio, verdict, kernelNs: 61_300 * value, baselineNs: 61_300 }
  }
}
