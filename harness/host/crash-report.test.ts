import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeCrash, locate, parseLocation, readCrashReport } from './crash-report.ts'

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
      kernel: 'sgemm',
      message:
        'kernel sgemm crashed at /w/k.metal:12: out of bounds, write of address 0x7f00, at byte 4096 of buffer 2, which has 4096 bytes, in thread (3, 0, 0) of threadgroup (1, 2, 0)',
    })
    const simdgroup = describeCrash({ ...report, isSimdgroup: true }, null).message
    expect(simdgroup).toContain('in the simdgroup of thread (3, 0, 0) of threadgroup (1, 2, 0)')
    const before = describeCrash({ ...report, bufferOffset: -8, hasThread: false }, null)
    expect(before.message).toContain('8 bytes before the start of buffer 2')
    expect(before.message).toMatch(/in threadgroup \(1, 2, 0\)$/)
  })

  it('say so when the processor does not know the address', () => {
    const report = read(
      `${JSON.stringify({ ...line, address: 'unknown', access: 'unknown', reason: 'bad address', buffer: -1 })}\n`,
    )
    if (!report) throw new Error('the report was not read')
    const { message } = describeCrash(report, null)
    expect(message).toContain(
      'bad address, access of an address that no memory has, or that of a misaligned vector, in thread',
    )
  })

  it('are not invented from what is missing or cut off', () => {
    expect(readCrashReport(join(folder, 'none.json'))).toBeNull()
    expect(read('')).toBeNull()
    expect(read(JSON.stringify(line).slice(0, 40))).toBeNull()
  })
})

describe('locate', () => {
  // A frame is made before the first line; what makes it here is the lab's own code, which came through a pipe.
  it('finds the first line of what overflowed its stack', async () => {
    const library = join(folder, 'deep.so')
    const body = '  for (int i = 0; i < 99999; i++) a[i] = c[i];\n  return a[c[1]];\n}\n'
    const input = `int deep(volatile int *c) {\n  int a[99999];\n#line 7 "/w/k.metal"\n${body}`
    execFileSync('cc', ['-g', '-O0', '-fPIC', '-shared', '-x', 'c', '-o', library, '-'], { input })
    const names = execFileSync('nm', [library], { encoding: 'utf8' }).split('\n')
    const address = names.find((one) => one.endsWith(' T deep'))?.split(' ')[0]
    const report = read(JSON.stringify({ ...line, module: library, offset: `0x${address}` }))
    if (!report) throw new Error('the report was not read')
    expect(await locate(report)).toBeNull()
    expect(await locate({ ...report, reason: 'stack overflow' })).toEqual({ file: '/w/k.metal', line: 7 })
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
