import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeCrash, parseLocation, readCrashReport } from './crash-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'klab-crash-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = {
  signal: 11,
  address: '0x7f00',
  pc: '0x1',
  module: '/k.so',
  offset: '0x10',
  kernel: 'sgemm',
  thread: [3, 0, 0],
  threadgroup: [1, 2, 0],
  buffer: 2,
  bufferOffset: 4096,
  bufferBytes: 4096,
  reason: 'out of bounds',
  access: 'write',
  hasThread: true,
  isSimdgroup: false,
}

function read(text: string) {
  const path = join(folder, 'crash.json')
  writeFileSync(path, text)
  return readCrashReport(path)
}

describe('crash reports', () => {
  it('become one sentence with line, buffer and thread', () => {
    const report = read(`${JSON.stringify(line)}\n`)
    if (!report) throw new Error('the report was not read')
    expect(describeCrash(report, { file: '/w/k.metal', line: 12 })).toEqual({
      kind: 'device-lost',
      file: '/w/k.metal',
      line: 12,
      message:
        'kernel sgemm crashed at /w/k.metal:12: out of bounds, write of address 0x7f00, at byte 4096 of buffer 2, which has 4096 bytes, in thread (3, 0, 0) of threadgroup (1, 2, 0)',
    })
    const simdgroup = describeCrash({ ...report, isSimdgroup: true }, null).message
    expect(simdgroup).toContain('in the simdgroup of thread (3, 0, 0) of threadgroup (1, 2, 0)')
    const before = describeCrash({ ...report, bufferOffset: -8, hasThread: false }, null)
    expect(before.message).toContain('8 bytes before the start of buffer 2')
    expect(before.message).toMatch(/in threadgroup \(1, 2, 0\)$/)
  })

  it('are not invented from what is missing or cut off', () => {
    expect(readCrashReport(join(folder, 'none.json'))).toBeNull()
    expect(read('')).toBeNull()
    expect(read(JSON.stringify(line).slice(0, 40))).toBeNull()
  })
})

describe('parseLocation', () => {
  it('reads what addr2line prints', () => {
    expect(parseLocation('/w/a b.metal:12 (discriminator 3)')).toEqual({ file: '/w/a b.metal', line: 12 })
    expect(parseLocation('??:0')).toBeNull()
    expect(parseLocation('??:?')).toBeNull()
    expect(parseLocation('/w/a.metal:0')).toBeNull()
  })
})
