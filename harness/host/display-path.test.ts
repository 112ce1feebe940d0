import { describe, expect, it } from 'vitest'
import type { LabError } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import { displayError, displayPath, displayRow } from './display-path.ts'

describe('displayPath', () => {
  it('is relative inside the workspace, and whole elsewhere', () => {
    expect(displayPath('/w', '/w/kernels/k.metal')).toBe('kernels/k.metal')
    expect(displayPath('/lab', '/laboratory/k.metal')).toBe('/laboratory/k.metal')
  })
})

describe('displayRow', () => {
  it('names the file of a crash the same way in its place and in its reason', () => {
    const row = { reason: 'kernel k crashed at /w/k.metal:3: trap', location: { file: '/w/k.metal', line: 3 } } as Row
    expect(displayRow('/w', row)).toEqual({
      reason: 'kernel k crashed at k.metal:3: trap',
      location: { file: 'k.metal', line: 3 },
    })
  })
})

describe('displayError', () => {
  it('names the file of a crash as its row does', () => {
    const error = {
      kind: 'device-lost',
      message: 'kernel k crashed at /w/k.metal:3: trap',
      file: '/w/k.metal',
      line: 3,
    }
    expect(displayError('/w', error as LabError)).toEqual({
      kind: 'device-lost',
      message: 'kernel k crashed at k.metal:3: trap',
      file: 'k.metal',
      line: 3,
    })
  })
})
