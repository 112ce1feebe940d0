import type { DataMode, Mode } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import type { SliceCreator } from './store.ts'

/** What Bench and Precision run: a manifest's variant, or an entry of a document. */
export type TargetChoice = { kind: 'variant'; id: string } | { kind: 'entry'; documentId: string; entry: string }

/** The shape as typed: text, so that a half-typed number is not lost. */
export interface ShapeDraft {
  m: string
  n: string
  k: string
  batch: string
  alpha: string
  beta: string
  tA: boolean
  tB: boolean
  bias: boolean
  accumulate: boolean
  act: Shape['act']
  dtype: Shape['dtype']
}

export interface SelectionSlice {
  target: TargetChoice | null
  draft: ShapeDraft
  mode: Mode
  isCold: boolean
  data: DataMode
  seed: string
  /** A tier of the device, or 'auto'. */
  tier: string
  chooseTarget(target: TargetChoice | null): void
  editShape(patch: Partial<ShapeDraft>): void
  chooseShape(shape: Shape): void
  setRunOption(patch: Partial<Pick<SelectionSlice, 'mode' | 'isCold' | 'data' | 'seed' | 'tier'>>): void
}

/** A shape as the form shows it. */
export function draftOf(shape: Shape): ShapeDraft {
  const { m, n, k, batch, alpha, beta, ...rest } = shape
  return {
    m: String(m),
    n: String(n),
    k: String(k),
    batch: String(batch),
    alpha: String(alpha),
    beta: String(beta),
    ...rest,
  }
}

const initialShape: Shape = {
  m: 1,
  n: 896,
  k: 896,
  batch: 1,
  tA: false,
  tB: true,
  bias: false,
  alpha: 1,
  beta: 0,
  accumulate: false,
  act: 'none',
  dtype: 'f16',
}

export const createSelectionSlice: SliceCreator<SelectionSlice> = (set) => ({
  target: null,
  draft: draftOf(initialShape),
  mode: 'single',
  isCold: false,
  data: 'random',
  seed: '1',
  tier: 'auto',
  chooseTarget: (target) => set({ target }),
  editShape: (patch) => set((state) => ({ draft: { ...state.draft, ...patch } })),
  chooseShape: (shape) => set({ draft: draftOf(shape) }),
  setRunOption: (patch) => set(patch),
})
