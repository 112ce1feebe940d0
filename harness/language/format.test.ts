import { describe, expect, it } from 'vitest'
import { must } from '../bridge/device-fixture.ts'
import { findTool } from './find-tool.ts'
import { formatText } from './format.ts'
import { whyNoTool } from './language-fixture.ts'

const untidy = `kernel void f(device float*a [[buffer(0)]],uint i [[thread_position_in_grid]]){
threadgroup float t[2];
  a [ i ]=t[0];}
`

describe.skipIf(whyNoTool('clang-format') !== null)('formatText', () => {
  it('lays out a kernel and keeps its attributes', async () => {
    const { text } = must(await formatText(untidy))
    expect(text).toContain('device float* a [[buffer(0)]], uint i [[thread_position_in_grid]]) {')
    expect(text).toContain('\n  threadgroup float t[2];\n  a[i] = t[0];\n}')
    expect(must(await formatText(text)).text).toBe(text)
  })

  it('leaves other lines alone', async () => {
    const { text } = must(await formatText(untidy, [3, 3]))
    expect(text.split('\n')[1]).toBe('threadgroup float t[2];')
  })
})

describe('findTool', () => {
  it('names the command that installs what is missing', () => {
    expect(findTool('clangd', '/nowhere')).toMatchObject({
      ok: false,
      error: { kind: 'missing-tool', message: expect.stringContaining('install') },
    })
  })
})
