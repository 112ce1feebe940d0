import { describe, expect, it } from 'vitest'
import { parseConstants } from './parse-constants.ts'
import { parseScalar } from './parse-scalar.ts'

describe('parseScalar', () => {
  it.each([
    ['u32', '896', 896n],
    ['i8', '-128', -128n],
    ['u64', '0xffffffffffffffff', 2n ** 64n - 1n],
    ['f16', '-.5e-3', -0.0005],
    ['f32', 'inf', Infinity],
    ['bool', 'true', true],
    ['bool', '0', false],
  ] as const)('reads %s %s', (type, text, value) => {
    expect(parseScalar(type, text)).toEqual({ ok: true, value })
  })

  it.each([
    ['u8', '256', '0 to 255'],
    ['u32', '-1', 'does not fit'],
    ['i32', '1.5', 'not a whole number'],
    ['f32', '1,5', 'not a number'],
    ['f32', '', 'not a number'],
    ['bool', '2', 'not a bool'],
  ] as const)('refuses %s "%s"', (type, text, why) => {
    expect(parseScalar(type, text)).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining(why) },
    })
  })
})

describe('parseConstants', () => {
  const known = [
    { index: 0, name: 'has_bias', type: 'bool', isRequired: true },
    { index: 7, name: 'tile', type: 'const int', isRequired: false },
    { index: 8, name: 'shape', type: 'uint2', isRequired: false },
  ]

  it('types values as declared, found by name or index', () => {
    const texts = [
      { name: 'has_bias', value: '1' },
      { name: '7', value: '-3' },
    ]
    expect(parseConstants(texts, known)).toEqual({
      ok: true,
      value: [
        { name: 'has_bias', index: 0, type: 'bool', value: true },
        { name: 'tile', index: 7, type: 'i32', value: -3n },
      ],
    })
  })

  it('names the constants there are, and what is wrong with a value', () => {
    const refused = (name: string, value: string) => parseConstants([{ name, value }], known)
    expect(refused('bias', '1')).toMatchObject({
      error: { kind: 'invalid', message: expect.stringContaining('has_bias (index 0, bool)') },
    })
    expect(refused('tile', 'x')).toMatchObject({
      error: { kind: 'invalid', message: expect.stringContaining('function constant tile') },
    })
    expect(refused('shape', '1')).toMatchObject({ error: { kind: 'unsupported' } })
  })
})
