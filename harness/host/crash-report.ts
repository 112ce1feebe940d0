import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { LabError } from '#contract/error.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])

/** The JSON line that klab_set_crash_report promises. */
const crashSchema = z.object({
  signal: z.number(),
  /** `unknown` when the processor does not say: it is none that memory can have, or a misaligned vector's. */
  address: z.string(),
  pc: z.string(),
  module: z.string(),
  offset: z.string(),
  kernel: z.string(),
  thread: triple,
  threadgroup: triple,
  buffer: z.number(),
  bufferOffset: z.number(),
  bufferBytes: z.number(),
  /** out of bounds, null pointer, bad address, stack overflow, arithmetic, trap */
  reason: z.string().optional(),
  access: z.enum(['read', 'write', 'unknown']).default('unknown'),
  /** False when only the threadgroup is known. */
  hasThread: z.boolean().default(true),
  /** True when it was some thread of the simdgroup that begins with `thread`. */
  isSimdgroup: z.boolean().default(false),
})
export type CrashReport = z.infer<typeof crashSchema>

/** The report at `path`; null when there is none or it was cut off. */
export function readCrashReport(path: string): CrashReport | null {
  try {
    const line = readFileSync(path, 'utf8').trim().split('\n').at(-1) ?? ''
    return crashSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}

export interface SourceLocation {
  file: string
  line: number
}

const run = promisify(execFile)
const symbolisers = ['addr2line', 'llvm-addr2line', 'llvm-addr2line-22', 'llvm-addr2line-19', 'llvm-addr2line-16']

/** `/a/b.metal:12 (discriminator 3)` → location; null for `??:0`. */
export function parseLocation(line: string): SourceLocation | null {
  const [, file, number] = /^(.+):(\d+)/.exec(line) ?? []
  return file && file !== '??' && Number(number) > 0 ? { file, line: Number(number) } : null
}

/** Places in code to ask for: a stack overflows where a function makes its frame, before its first line. */
function offsetsOf({ offset, reason }: CrashReport): string[] {
  const steps = reason === 'stack overflow' ? 128 : 1
  return Array.from({ length: steps }, (_, i) => `0x${(BigInt(offset) + BigInt(4 * i)).toString(16)}`)
}

// What the lab wrote around a kernel came to the compiler through a pipe.
const isGlue = ({ file }: SourceLocation) => /(^|\/)(-|<[^/]*>)$/.test(file)

/** The user's line of an instruction in a kernel's library. Inlined calls count innermost first; headers of the lab do not. */
export async function locate(report: CrashReport): Promise<SourceLocation | null> {
  if (!report.module) return null
  for (const tool of symbolisers) {
    try {
      const { stdout } = await run(tool, ['-i', '-e', report.module, ...offsetsOf(report)], { timeout: 5000 })
      const found = stdout
        .split('\n')
        .map(parseLocation)
        .filter((one) => one !== null)
        .filter((one) => !isGlue(one))
      return found.find(({ file }) => !file.includes('/native/msl/')) ?? found[0] ?? null
    } catch {
      // Not installed, or it cannot read this library: the next one may.
    }
  }
  return null
}

const signalName = (number: number) =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`

function describeBuffer({ buffer, bufferOffset, bufferBytes }: CrashReport): string {
  if (buffer < 0) return ''
  const place = bufferOffset < 0 ? `${-bufferOffset} bytes before the start` : `at byte ${bufferOffset}`
  return `, ${place} of buffer ${buffer}, which has ${bufferBytes} bytes`
}

/** What the lab says about a crash: kernel, line, what it did, buffer and thread. */
export function describeCrash(report: CrashReport, location: SourceLocation | null): LabError {
  const { kernel, reason, signal, access, address, thread, threadgroup, hasThread } = report
  const where = location ? ` at ${location.file}:${location.line}` : ''
  const what = kernel ? `kernel ${kernel} crashed` : 'the kernel host crashed'
  const target =
    address === 'unknown' ? 'an address that no memory has, or that of a misaligned vector' : `address ${address}`
  const how = `${reason ?? signalName(signal)}, ${access === 'unknown' ? 'access' : access} of ${target}`
  const one = report.isSimdgroup ? 'the simdgroup of thread' : 'thread'
  const who = `${hasThread ? `${one} (${thread.join(', ')}) of ` : ''}threadgroup (${threadgroup.join(', ')})`
  const message = `${what}${where}: ${how}${describeBuffer(report)}, in ${who}`
  return { kind: 'device-lost', message, ...(location ?? {}), ...(kernel ? { kernel } : {}) }
}
