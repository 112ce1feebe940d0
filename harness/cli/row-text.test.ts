import { expect, it } from 'vitest'
import type { Row } from '#contract/row.ts'
import { describeRow } from './row-text.ts'

const samples = [1e5, 1e5]
const times = { cpuNs: 1e5, lowNs: 9.9e4, highNs: 1.01e5, samples, iterations: 1, encodeNs: 0, commitNs: 0, waitNs: 0 }
const row = {
  variant: 'm1/x',
  shape: { m: 1, n: 2, k: 3, batch: 1, dtype: 'f16' },
  device: 'cpu',
  status: 'ok',
  claim: 'proven',
  ratio: { value: 0.7, low: 0.69, high: 0.71 },
  verdict: 'FAST',
  kernel: times,
  baseline: { name: 'b', ...times },
  identity: { mode: 'single', cache: 'warm', tier: 'vector', coreCount: 2 },
} as unknown as Row

it('says what stands behind the kernel on this shape', () => {
  const ends = (more: Partial<Row>) => describeRow({ ...row, ...more }).split('\n  flags of this shape: ')[1]
  expect(ends({})).toBe('proven')
  expect(ends({ claim: 'claimed' })).toBe('claimed, and not proven')
  expect(ends({ claim: 'none' })).toBe('it needs none')
  expect(ends({ claim: 'none', reason: 'the manifest does not claim this shape: bias' })).toBe('off')
  expect(ends({ claim: 'none', variant: 'a.metal:x' })).toBe('none, it is not in the manifest')
})

it('prints the gauge with its interval, and what was not measured as that', () => {
  const gauge = { ratio: 1.001, low: 0.99, high: 1.012, verdict: 'SAME' as const, falseVerdictRate: null }
  const text = (more: object) => describeRow({ ...row, gauge: { ...gauge, ...more } })
  expect(text({ comparisons: 0, falseVerdicts: 0, cannotCall: true })).toContain(
    '1.001 (0.990 to 1.012, too few rounds to call a winner); false verdicts today: not measured',
  )
  expect(text({ comparisons: 9, falseVerdicts: 1 })).toContain('SAME); false verdicts today: 1 of 9')
})

it('sets beside the interval how far repeats lie apart, and who else had the processors', () => {
  const repeats = { isOwn: true, measurements: 8, kernels: 1, spread: 0.041, low: 0.63, high: 0.78 }
  const text = describeRow({ ...row, repeats, neighbours: { processors: 1.02, stolen: 0 }, besides: 'process 7' })
  expect(text).toContain("0.700 × the baseline's time (95 %, here: 0.690 to 0.710)")
  expect(text).toContain('repeats: 0.630 to 0.780, since they differ by 4.1 %, by 8 measurements of this kernel')
  expect(text).toContain('others had 1.02 of 2 processors meanwhile; process 7 was measuring at the same time')
  const few = { isOwn: true, measurements: 2, kernels: 1 }
  expect(describeRow({ ...row, repeats: few })).toContain('not known yet: this kernel was measured 2 times')
  expect(describeRow({ ...row, neighbours: { processors: 0.01, stolen: 0 } })).not.toContain('neighbours')
})
