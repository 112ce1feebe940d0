import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import { formatShape, type ListedShape, shapeSchema } from '#contract/shape.ts'
import { must } from '../bridge/device-fixture.ts'
import { flagsNeeded } from '../catalog/filter.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { ManifestVariant } from '../catalog/types.ts'
import { flops, proofShapes, withoutCapability } from './proof-shapes.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'

let fixture: RunFixture
beforeEach(() => {
  fixture = beginFixture('null')
})
afterEach(() => fixture.end())

const listed = (fields: object): ListedShape => ({
  shape: shapeSchema.parse({ m: 1, ...fields }),
  op: 'matmul',
  line: 1,
})
const model = [
  listed({ n: 896, k: 896, tB: true }),
  listed({ n: 1152, k: 896, bias: true }),
  listed({ n: 151936, k: 896, tB: true }),
]

function choose(
  flag: Flag,
  supports: Partial<ManifestVariant['supports']> = {},
  { id = 'm1/fused', once = 0, shapes = model } = {},
) {
  const kernel = must(resolveTarget(fixture.context.workspace, id))
  const variant = kernel.variant as ManifestVariant
  const changed = { ...variant, supports: { ...variant.supports, ...supports } }
  return proofShapes({
    kernel,
    variant: changed,
    flag,
    listed: shapes,
    flopLimits: { model: 6.4e7, adversarial: 3e7, once },
  })
}

describe('proofShapes', () => {
  it.each(provableFlags)('asks every shape for %s', (flag) => {
    const { required } = choose(flag)
    expect(required.length).toBeGreaterThan(15)
    for (const shape of required) expect(flagsNeeded(shape)).toEqual([flag])
  })

  it('has extents that break assumptions', () => {
    const { required } = choose('bias', { smallMN: true, smallK: true })
    const of = (axis: 'm' | 'n' | 'k') => new Set(required.map((shape) => shape[axis]))
    for (const m of [1, 2, 7, 13, 37]) expect(of('m')).toContain(m)
    for (const n of [1, 7, 13, 51, 63, 64, 65, 127, 129, 251]) expect(of('n')).toContain(n)
    for (const k of [1, 3, 7, 13, 31, 33, 63, 65, 127, 129, 509]) expect(of('k')).toContain(k)
  })

  it('keeps to what the manifest allows', () => {
    const { required } = choose('bias', { supportedNValues: [64, 1152], expectedTransposeB: false })
    expect(new Set(required.map(({ n }) => n))).toEqual(new Set([64, 1152]))
    expect(required.some(({ tB }) => tB)).toBe(false)
  })

  it("takes the model's shapes: required when the flag opens them, beyond when another flag is off", () => {
    const real = formatShape((model[1] as ListedShape).shape)
    expect(choose('bias').beyond.map(formatShape)).toEqual([real])
    expect(choose('bias', { smallMN: true }).required.map(formatShape)).toContain(real)
  })

  it('leaves out what costs too much, and says so; the rest goes from small to large', () => {
    const { required, skipped } = choose('transposeB', { smallMN: true })
    expect(new Set(skipped.map(({ n }) => n))).toEqual(new Set([151936, 4093]))
    expect(required.filter(({ n }) => n === 151936).map(({ k }) => k)).toContain(210)
    expect(required.some(({ n, k }) => n > 16 && n < 151936 && k === 896)).toBe(true)
    const costs = required.map(flops)
    expect(costs).toEqual([...costs].sort((a, b) => a - b))
  })

  it("asks for the model's extents without what other flags keep closed", () => {
    const { required } = choose('smallMN')
    expect(required.map(formatShape)).toContain(formatShape(shapeSchema.parse({ m: 1, n: 896, k: 896, tB: false })))
  })

  it('asks for each combination with what else is on, in several extents', () => {
    const on = { batch: true, bias: true, transposeB: true }
    const shapes = choose('accumulate', on, { id: 'sgemm/naive' }).required.map((shape) => ({
      ...shape,
      asked: `${flagsNeeded(shape)}${shape.alpha === 1 ? '' : ',alpha'}`,
    }))
    const times = (asked: string) => shapes.filter((shape) => shape.asked === asked).length
    expect(times('batch,accumulate')).toBeGreaterThan(4)
    expect(times('bias,accumulate')).toBeGreaterThan(4)
    expect(times('transposeB,batch,bias,accumulate')).toBeGreaterThan(4)
    expect(times('transposeB,batch,bias,accumulate,alpha')).toBeGreaterThan(4)
  })

  it('asks for each activation, alone and beside what else is on, in several extents', () => {
    const shapes = choose('activation', { bias: true, accumulate: true }, { id: 'sgemm/naive' }).required
    for (const act of ['relu', 'gelu', 'silu']) {
      const own = shapes.filter((shape) => shape.act === act)
      const times = (asked: string) => own.filter((shape) => `${flagsNeeded(shape)}` === asked).length
      expect(times('activation'), act).toBeGreaterThan(7)
      expect(times('bias,activation'), act).toBeGreaterThan(1)
      expect(times('bias,accumulate,activation'), act).toBeGreaterThan(1)
      expect(new Set(own.map(({ alpha }) => alpha)).size, act).toBeGreaterThan(1)
    }
    const beside = choose('bias', { activation: true }, { id: 'sgemm/naive' }).required
    expect(beside.filter(({ act }) => act === 'relu').length).toBeGreaterThan(4)
  })

  it('runs once what is large but bounded, and more rows and matrices than 16 bits can count', () => {
    const large = choose('transposeB', { smallMN: true }, { once: 1e9 })
    expect(large.once.map(({ n }) => n)).toContain(151936)
    expect(large.skipped.map(({ n }) => n)).not.toContain(151936)
    const vast = (flag: Flag, supports = {}) => choose(flag, supports, { id: 'sgemm/naive', once: 1e9 }).once
    const least = { smallMN: true, smallK: true }
    expect(vast('smallMN', least).map(({ m, n, k }) => [m, n, k])).toContainEqual([65537, 1, 1])
    expect(vast('batch', least).map(({ batch, m, n, k }) => [batch, m, n, k])).toContainEqual([65537, 1, 1, 1])
    expect(vast('bias').map(({ m, n, k }) => [m, n >= 17, k >= 64])).toEqual([[65537, true, true]])
  })

  it('hands a kernel no operand in a layout that it has off, whatever else is asked', () => {
    const shapes = [listed({ n: 640, k: 896, tB: true, bias: true })]
    expect(choose('bias', { smallMN: true }, { shapes }).beyond).toHaveLength(1)
    const naive = (supports = {}) => choose('bias', supports, { id: 'sgemm/naive', shapes })
    expect(naive({ smallMN: true }).beyond).toEqual([])
    expect(naive({ smallMN: true }).required.some(({ n, k, tB }) => n === 640 && k === 896 && !tB)).toBe(true)
    expect(naive({ transposeB: true }).beyond).toHaveLength(1)
  })

  it('reaches far beyond any tile', () => {
    const { required } = choose('bias')
    expect(required.some(({ n }) => n === 4099)).toBe(true)
    expect(required.some(({ k }) => k === 4099)).toBe(true)
  })

  it('has rows, depths and batches far beyond the rest, at little cost, and scales of every kind', () => {
    const chosen = (flag: Flag, id: string) => choose(flag, { smallMN: true, smallK: true }, { id }).required
    for (const flag of ['smallMN', 'bias', 'batch'] as const) {
      const shapes = chosen(flag, 'sgemm/naive')
      for (const m of [257, 4099]) expect(shapes.map((shape) => shape.m)).toContain(m)
      for (const k of [8209, 32771]) expect(shapes.map((shape) => shape.k)).toContain(k)
      const large = shapes.filter(({ m, k, batch }) => m > 256 || k > 8000 || batch > 16)
      for (const shape of large) expect(flops(shape), formatShape(shape)).toBeLessThan(2e6)
    }
    const batches = chosen('batch', 'sgemm/naive').map(({ batch }) => batch)
    for (const batch of [17, 257]) expect(batches).toContain(batch)
    const sums = chosen('accumulate', 'sgemm/naive')
    for (const alpha of [0.125, -1.7, 2]) expect(sums.map((shape) => shape.alpha)).toContain(alpha)
    expect(sums.filter(({ alpha, beta }) => beta === 0.3 && alpha === 1).length).toBeGreaterThan(2)
    expect(chosen('smallK', 'sgemm/naive').some(({ k }) => k > 4099)).toBe(false)
    expect(choose('bias', { smallMN: false }).required.map(({ k }) => k)).toContain(32771)
  })

  it('says why nothing is open', () => {
    const { required, closedBecause } = choose('transposeA', { expectedTransposeA: false })
    expect(required).toEqual([])
    expect(closedBecause).toMatch(/transposeA=true but expected false/)
  })
})

describe('withoutCapability', () => {
  it('takes away what a flag is about, and nothing else', () => {
    const shape = shapeSchema.parse({ m: 2, n: 3, k: 4, batch: 5, tA: true, tB: true, bias: true, beta: 2 })
    expect(withoutCapability(shape, 'bias')).toEqual({ ...shape, bias: false })
    expect(withoutCapability(shape, 'batch')).toEqual({ ...shape, batch: 1 })
    expect(withoutCapability(shape, 'accumulate')).toEqual({ ...shape, beta: 0 })
    expect(withoutCapability({ ...shape, act: 'silu' }, 'activation')).toEqual(shape)
    expect(withoutCapability(shape, 'smallK')).toBeNull()
  })
})
