import { describe, expect, it } from 'vitest'
import type { Binding, Entry } from '#contract/diagnostic.ts'
import { argsRefusal } from './bind-args.ts'
import { elementOf, isCompatible } from './check-binding.ts'
import type { RunArg } from './request.ts'

const binding = (given: Pick<Binding, 'index' | 'kind' | 'type'> & Partial<Binding>): Binding => ({
  access: 'read_write',
  name: `argument${given.index}`,
  isPointer: given.kind !== 'constant',
  isOptional: false,
  elementBytes: 0,
  ...given,
})

const entry: Entry = {
  name: 'k',
  function: 'k',
  file: 'k.metal',
  line: 1,
  maxTotalThreads: 0,
  constants: [],
  bindings: [
    binding({ index: 0, kind: 'buffer', type: 'half' }),
    binding({ index: 1, kind: 'constant', type: 'uint' }),
    binding({ index: 2, kind: 'buffer', type: 'Tile', isOptional: true }),
    binding({ index: 0, kind: 'threadgroup', type: 'float' }),
  ],
}

const half: RunArg = { kind: 'buffer', index: 0, type: 'f16', init: 'zeros', count: 1 }
const count: RunArg = { kind: 'value', index: 1, type: 'u32', value: '1' }
const memory = [{ index: 0, bytes: 16 }]

const refusal = (
  args: RunArg[],
  rest: { threadgroupMemory?: typeof memory; outputs?: { index: number; file: string }[] } = {},
) => argsRefusal(entry, { args, threadgroupMemory: rest.threadgroupMemory ?? memory, outputs: rest.outputs ?? [] })

describe('argsRefusal', () => {
  it('accepts what fits; optional bindings may stay empty', () => {
    expect(refusal([half, count])).toBeNull()
    expect(refusal([half, { ...count, type: 'i32' }, { kind: 'bytes', index: 2, hex: '00' }])).toBeNull()
  })

  it.each([
    ['an index that does not exist', [half, count, { ...half, index: 9 }], 'argument 9'],
    ['an argument given twice', [half, count, half], 'argument 0 is given twice'],
    ['a missing argument', [half], 'argument 1: nothing is bound to constant 1 (constant uint& argument1)'],
    [
      'a float buffer for half',
      [{ ...half, type: 'f32' }, count],
      'argument 0: buffer 0 (device half* argument0) holds f16, it was given f32',
    ],
    ['a float for uint', [half, { ...count, type: 'f32' }], 'argument 1'],
    ['a longer integer for uint', [half, { ...count, type: 'u64' }], 'holds u32, it was given u64'],
  ] as [string, RunArg[], string][])('refuses %s and names it', (_, args, why) => {
    expect(refusal(args)).toContain(why)
  })

  it('asks for threadgroup memory by its own option', () => {
    expect(refusal([half, count], { threadgroupMemory: [] })).toContain('--tgmem 0=')
  })

  it('refuses to write out what is no buffer', () => {
    expect(refusal([half, count], { outputs: [{ index: 1, file: 'x.npy' }] })).toContain('--out 1')
  })
})

describe('types of MSL', () => {
  it.each([
    ['half', 'f16'],
    ['const float4', 'f32'],
    ['packed_float3', 'f32'],
    ['vec<half, 4>', 'f16'],
    ['metal::uint', 'u32'],
    ['uint32_t', 'u32'],
    ['bfloat', 'bf16'],
    ['Params', undefined],
    ['T', undefined],
  ])('%s holds %s', (type, scalar) => {
    expect(elementOf(type)).toBe(scalar)
  })

  it('lets signedness differ and nothing else', () => {
    expect(isCompatible('i32', 'u32')).toBe(true)
    expect(isCompatible('f16', 'bf16')).toBe(false)
    expect(isCompatible('u16', 'f16')).toBe(false)
    expect(isCompatible('u8', 'bool')).toBe(true)
  })
})
