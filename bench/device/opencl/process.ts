import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Case } from '../cases.ts'

/** The OpenCL driver, compiled; or why there is none. */
export type Driver = { program: string; remove(): void } | { missing: string }

/** Compiles driver.cpp with the system's compiler against the system's OpenCL. */
export function buildDriver(): Driver {
  const folder = mkdtempSync(join(tmpdir(), 'klab-opencl-'))
  const program = join(folder, 'driver')
  const source = join(import.meta.dirname, 'driver.cpp')
  try {
    execFileSync('g++', ['-std=c++20', '-O2', source, '-lOpenCL', '-o', program], { stdio: 'pipe' })
  } catch {
    rmSync(folder, { recursive: true, force: true })
    return { missing: 'no OpenCL here: apt-get install pocl-opencl-icd ocl-icd-opencl-dev opencl-headers' }
  }
  return { program, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A running driver: PoCL with a number of threads, which it is told once, by the environment. */
export class OpenCl {
  readonly #child
  readonly #lines: AsyncIterator<string>

  constructor(program: string, threads: number) {
    const env = { ...process.env, POCL_MAX_PTHREAD_COUNT: String(threads) }
    this.#child = spawn(program, [join(import.meta.dirname, 'kernels.cl')], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** What it runs on. The first line; throws when there is no device. */
  readonly version = (): Promise<string> => this.#answer()

  /** Makes the operands of a case; false when OpenCL has no such kernel. */
  async set({ opencl, m, n, k }: Case): Promise<boolean> {
    if (!opencl) return false
    await this.#ask(['set', opencl.kernel, m, n, k, ...opencl.global, ...opencl.local].join(' '))
    return true
  }

  /** Nanoseconds of one iteration. */
  async run(iterations: number): Promise<number> {
    return Number(await this.#ask(`run ${iterations}`))
  }

  /** Sum of the magnitudes of C. */
  async magnitude(): Promise<number> {
    return Number(await this.#ask('sum'))
  }

  close(): void {
    this.#child.stdin.end()
  }

  #ask(request: string): Promise<string> {
    this.#child.stdin.write(`${request}\n`)
    return this.#answer()
  }

  async #answer(): Promise<string> {
    const line = await this.#lines.next()
    const text = line.done ? 'error the OpenCL driver ended' : line.value
    if (text.startsWith('error')) throw new Error(text)
    return text
  }
}
