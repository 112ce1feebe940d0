import { describe, expect, it } from 'vitest'
import { parseArg, parseExtent, parseOutput, parseThreadgroupMemory } from './parse-run-args.ts'

describe('--arg', () => {
  it.each([
    ['0=buf:f16:randn:896', { kind: 'buffer', index: 0, type: 'f16', init: 'randn', count: 896 }],
    ['1=buf:f16:[1, -0.5,nan]', { kind: 'list', index: 1, type: 'f16', values: ['1', '-0.5', 'nan'] }],
    ['30=buf:f32:@/tmp/a:b.npy', { kind: 'file', index: 30, type: 'f32', file: '/tmp/a:b.npy' }],
    ['3=u32:896', { kind: 'value', index: 3, type: 'u32', value: '896' }],
    ['3=i32:-1', { kind: 'value', index: 3, type: 'i32', value: '-1' }],
    ['4=bytes:00ffAB', { kind: 'bytes', index: 4, hex: '00ffAB' }],
  ])('reads %s', (text, value) => {
    expect(parseArg(text)).toEqual({ ok: true, value })
  })

  it.each([
    ['31=u32:1', '30'],
    ['u32:1', 'INDEX='],
    ['0=buf:f64:zeros:1', 'no type "f64"'],
    ['0=buf:f16:random:1', 'no init "random"'],
    ['0=buf:f16:zeros', 'COUNT'],
    ['0=buf:f16:zeros:0', 'COUNT'],
    ['0=buf:f16:zeros:1.5', 'COUNT'],
    ['0=buf:f16', 'expected buf:'],
    ['0=buf:f16:[]', 'between all commas'],
    ['0=buf:f16:[1,,2]', 'between all commas'],
    ['0=buf:f64:[1]', 'no type "f64"'],
    ['0=bytes:abc', 'hexadecimal'],
    ['0=half:1', 'expected buf:'],
  ])('refuses %s', (text, why) => {
    expect(parseArg(text)).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining(why) },
    })
  })
})

describe('the other options of run', () => {
  it('fill missing axes with 1', () => {
    expect(parseExtent('14', '--grid')).toEqual({ ok: true, value: [14, 1, 1] })
    expect(parseExtent('1,2,3', '--grid')).toEqual({ ok: true, value: [1, 2, 3] })
  })

  it.each(['0', '1,0', '1,2,3,4', '', 'x', '1.5', '-1'])('refuse the extent "%s"', (text) => {
    expect(parseExtent(text, '--threads')).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('--threads') },
    })
  })

  it('read threadgroup memory and outputs', () => {
    expect(parseThreadgroupMemory('0=8192')).toEqual({ ok: true, value: { index: 0, bytes: 8192 } })
    expect(parseThreadgroupMemory('0=8k')).toMatchObject({ ok: false })
    expect(parseOutput('2=/tmp/c.npy')).toEqual({ ok: true, value: { index: 2, file: '/tmp/c.npy' } })
  })
})
