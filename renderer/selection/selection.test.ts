import { describe, expect, it } from 'vitest'
import type { CatalogVariant } from '#contract/manifest.ts'
import { draftOf } from '../state/selection-slice.ts'
import { parseDraft, shapeCost } from './shape-form.ts'
import { settleTarget, targetGroups } from './targets.ts'

const shape = {
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
} as const
const draft = draftOf(shape)
const errorsOf = (patch: Partial<typeof draft>) => {
  const parsed = parseDraft({ ...draft, ...patch })
  return parsed.ok ? {} : parsed.errors
}

describe('shape form', () => {
  it('gives back the shape that it was filled with', () => {
    expect(parseDraft(draft)).toEqual({ ok: true, shape })
  })

  it.each(['', '0', '-4', '1.5', '1e3', 'x', '4294967296'])('refuses n = "%s" and says which field', (n) => {
    expect(Object.keys(errorsOf({ n }))).toEqual(['n'])
  })

  it('takes any finite alpha and beta, negative and fractional', () => {
    expect(errorsOf({ alpha: '-0.125', beta: '1e-3' })).toEqual({})
    expect(Object.keys(errorsOf({ alpha: '', beta: 'Infinity' }))).toEqual(['alpha', 'beta'])
  })

  it('names every wrong field at once', () => {
    expect(Object.keys(errorsOf({ m: '0', k: 'k' }))).toEqual(['m', 'k'])
  })

  it('counts the bytes of all operands and the operations', () => {
    expect(shapeCost(shape)).toEqual({ bytes: 2 * (896 + 896 * 896 + 896), flops: 2 * 896 * 896 })
    expect(shapeCost({ ...shape, bias: true, dtype: 'f32', batch: 2 }).bytes).toBe(
      4 * (2 * (896 + 896 * 896 + 896) + 896),
    )
  })
})

const variant = (id: string, patch: Partial<CatalogVariant> = {}): CatalogVariant => {
  const [backend = '', name = ''] = id.split('/')
  return {
    id,
    backend,
    name,
    functionName: name,
    enabled: true,
    isBaseline: false,
    isRunnable: true,
    dtype: 'f16',
    flags: [],
    ...patch,
  }
}
const entry = { name: 'k', function: 'k', file: 'f', line: 1, maxTotalThreads: 1, bindings: [], constants: [] }

describe('targets', () => {
  const variants = [
    variant('a/x'),
    variant('b/y', { documentId: 'doc' }),
    variant('a/z', { isRunnable: false, unrunnableReason: 'no launch' }),
  ]

  it('offers the open file first', () => {
    const groups = targetGroups({ variants, active: { id: 'doc', name: 'y.metal' }, entries: [entry] })
    expect(groups.map((group) => group.options.map((option) => option.label))).toEqual([['b/y'], ['k'], ['a/x', 'a/z']])
  })

  it('says why a variant cannot be run', () => {
    const groups = targetGroups({ variants, active: null, entries: [] })
    expect(groups.flatMap((group) => group.options).find((option) => option.label === 'a/z')?.problem).toBe('no launch')
  })

  it('keeps a choice that is still there, and replaces one that is not by the first that runs', () => {
    const groups = targetGroups({ variants, active: null, entries: [] })
    expect(settleTarget(groups, { kind: 'variant', id: 'b/y' })).toEqual({ kind: 'variant', id: 'b/y' })
    expect(settleTarget(groups, { kind: 'variant', id: 'gone/v' })).toEqual({ kind: 'variant', id: 'a/x' })
    expect(settleTarget([], null)).toBeNull()
  })
})
