import { describe, expect, it } from 'vitest'
import { formatShape } from '#contract/shape.ts'
import { looksLikeShapeList, parseShapeList } from './shape-list.ts'
import { parseShape } from './shape-text.ts'
import { expectValue, shapeOf } from './workspace-fixture.ts'

const stats =
  '    backend=mps: count=2280 | total=740.54ms | avg=0.325ms | min=0.261ms | max=7.734ms | p95_ms=0.347, p99_ms=0.416'
const profile = [
  'op=matmul | batch=1 | m=1 | n=9728 | k=896 | tA=0 | tB=1:',
  stats,
  'op=matmul_bias_add | batch=1 | m=1 | n=1152 | k=896 | tA=0 | tB=0:',
  stats,
  'op=matmul_alpha_beta | batch=14 | m=1 | n=64 | k=95 | tA=0 | tB=0 | strided_batch=1 | alpha=0.125 | beta=1 | accumulate=1:',
  stats,
  '',
].join('\n')

describe('an activation', () => {
  it('is part of a text, of a profile and of a CSV, and of what tells shapes apart', () => {
    const text = 'm=1,n=4864,k=896,tA=0,tB=1,batch=1,bias=0,alpha=1,beta=0,dtype=f16,act=silu'
    const shape = shapeOf({ m: 1, n: 4864, k: 896, tB: true, act: 'silu' })
    expect(formatShape(shape)).toBe(text)
    expect(expectValue(parseShape(text))).toEqual(shape)
    expect(formatShape({ ...shape, act: 'none', accumulate: true })).toMatch(/dtype=f16,accumulate=1$/)
    expect(parseShapeList('op,m,n,k,tB,act\nmatmul,1,4864,896,1,silu\nmatmul,1,4864,896,1,\n').shapes).toMatchObject([
      { shape },
      { shape: { ...shape, act: 'none' } },
    ])
    expect(parseShapeList('op=matmul | m=1 | n=4864 | k=896 | tB=1 | act=silu:\n').shapes).toMatchObject([{ shape }])
    expect(parseShape('m=1,n=1,k=1,act=tanh')).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/'act'/) },
    })
  })
})

describe('parseShapeList', () => {
  it('reads pasted profiler output', () => {
    const { shapes, warnings } = parseShapeList(profile)
    expect(warnings).toEqual([])
    expect(shapes.map(({ shape }) => shape)).toEqual([
      shapeOf({ m: 1, n: 9728, k: 896, tB: true }),
      shapeOf({ m: 1, n: 1152, k: 896, bias: true }),
      shapeOf({ m: 1, n: 64, k: 95, batch: 14, alpha: 0.125, beta: 1, accumulate: true }),
    ])
    expect(shapes[0]).toMatchObject({
      op: 'matmul',
      line: 1,
      count: 2280,
      totalMs: 740.54,
      avgMs: 0.325,
      p95Ms: 0.347,
      p99Ms: 0.416,
    })
  })

  it('reads CRLF and a byte order mark alike', () => {
    expect(parseShapeList(`\uFEFF${profile.replaceAll('\n', '\r\n')}`)).toEqual(parseShapeList(profile))
  })

  it('keeps the entries before a cut, wherever the file ends, and says so', () => {
    const lastHeader = profile.indexOf('op=matmul_alpha')
    for (let end = lastHeader + 4; end < profile.length - '=0.416'.length; end++) {
      const { shapes, warnings } = parseShapeList(profile.slice(0, end))
      expect({ end, kept: shapes.length, rules: warnings.map(({ rule }) => rule) }).toEqual({
        end,
        kept: 2,
        rules: ['shapes.cut'],
      })
      expect(warnings[0]?.line).toBe(5)
    }
  })

  it('counts only what is kept', () => {
    const cut = profile.slice(0, profile.indexOf('alpha='))
    const { shapes, warnings } = parseShapeList(cut.replace('m=1 |', 'm=x |'))
    expect(shapes).toHaveLength(1)
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('the 1 before it are kept'),
      expect.stringContaining("'m' cannot be 'x'"),
    ])
  })

  it('takes a last entry whose statistics are whole without a line end', () => {
    expect(parseShapeList(profile.trimEnd())).toEqual(parseShapeList(profile))
  })

  it('takes a list of bare headers', () => {
    const { shapes, warnings } = parseShapeList(
      'op=matmul | batch=1 | m=1 | n=8 | k=8 | tA=0 | tB=1\nop=matmul | batch=1 | m=2 | n=8 | k=8 | tA=0 | tB=1\n',
    )
    expect([shapes.length, warnings]).toEqual([2, []])
  })

  it('names an entry that makes no shape and keeps the rest', () => {
    const { shapes, warnings } = parseShapeList(profile.replace('k=896 | tA=0 | tB=1:', 'k=zero | tA=0 | tB=1:'))
    expect(shapes).toHaveLength(2)
    expect(warnings).toMatchObject([
      { rule: 'shapes.entry', line: 1, message: "line 1: left out: shape: 'k' cannot be 'zero'" },
    ])
  })

  it('keeps a shape that is listed twice once', () => {
    const { shapes, warnings } = parseShapeList(profile + profile)
    expect(shapes).toHaveLength(3)
    expect(warnings.map(({ rule }) => rule)).toEqual(['shapes.double', 'shapes.double', 'shapes.double'])
  })

  it('reads the CSV form, with quoted roles, and a cut last line', () => {
    const csv =
      'op,batch,m,n,k,tA,tB,count,total_ms,role\nmatmul,1,1,896,4864,0,1,2280,545.15,"ffn, down"\nmatmul_bias_add,1,1,1152,896,0,0,2280,534.62,QKV\nmatmul,1,1,89'
    const { shapes, warnings } = parseShapeList(csv)
    expect(shapes).toMatchObject([
      { role: 'ffn, down', count: 2280, totalMs: 545.15, line: 2, shape: { n: 896, k: 4864, tB: true, bias: false } },
      { role: 'QKV', shape: { n: 1152, bias: true } },
    ])
    expect(warnings).toMatchObject([{ rule: 'shapes.cut', line: 4 }])
  })
})

describe('looksLikeShapeList', () => {
  it('knows both forms, and neither results nor prose', () => {
    expect(looksLikeShapeList(`some heading\n${profile}`)).toBe(true)
    expect(looksLikeShapeList('op,batch,m,n,k,tA,tB,count\n')).toBe(true)
    expect(looksLikeShapeList('op,batch,m,n,k,tA,tB,variant,run,gpu_ms\n')).toBe(false)
    expect(looksLikeShapeList('op = matmul and m = 1')).toBe(false)
  })
})

describe('parseShape', () => {
  it('is the inverse of formatShape', () => {
    const shape = shapeOf({
      m: 3,
      n: 5,
      k: 7,
      tA: true,
      batch: 2,
      bias: true,
      alpha: 0.125,
      beta: -1,
      accumulate: true,
      dtype: 'f32',
    })
    expect(expectValue(parseShape(formatShape(shape)))).toEqual(shape)
  })

  it.each([
    ['m=1,n=2', 'k missing'],
    ['m=1,n=2,k=3,q=4', "unknown key 'q'"],
    ['m=1,m=2,n=2,k=3', "'m' is given twice"],
    ['m=0,n=2,k=3', "'m'"],
    ['m=1.5,n=2,k=3', "'m' cannot be '1.5'"],
    ['m=1,n=2,k=3,tA=2', "'tA' cannot be '2'"],
    ['m=1,n=2,k=3,dtype=f64', "'dtype'"],
    ['m=1;n=2', "'m' cannot be '1;n=2'"],
    ['', "'' is not key=value"],
  ])('%s fails saying why', (text, message) => {
    const result = parseShape(text)
    expect(result.ok ? 'accepted' : result.error.message).toContain(message)
  })
})
