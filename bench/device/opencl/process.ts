import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Elements } from '#harness/verify/float-formats.ts'
import type { Case } from '../cases.ts'
import type { Problem } from '../problem.ts'
import type { Lap, Side } from '../side.ts'

/** The OpenCL driver, compiled, in a folder of its own; or why there is none. */
export type Driver = { program: string; folder: string; remove(): void } | { missing: string }

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
  return { program, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A running driver: PoCL with a number of threads, which it is told once, by the environment. */
export class OpenCl {
  readonly threads: number
  readonly #folder: string
  readonly #child
  readonly #lines: AsyncIterator<string>

  constructor(driver: { program: string; folder: string }, threads: number) {
    this.threads = threads
    this.#folder = join(driver.folder, String(threads))
    mkdirSync(this.#folder)
    const env = { ...process.env, POCL_MAX_PTHREAD_COUNT: String(threads) }
    const kernels = join(import.meta.dirname, 'kernels.cl')
    this.#child = spawn(driver.program, [kernels, this.#folder], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** What it runs on. The first call; throws when there is no device, or one that took another number of threads. */
  async version(): Promise<string> {
    const [units, ...name] = (await this.#answer()).split(' ')
    if (Number(units) !== this.threads) throw new Error(`PoCL took ${units} threads, not ${this.threads}`)
    return name.join(' ')
  }

  /** The case as a side, on the same operands; null when OpenCL has no such kernel. */
  async open({ opencl, m, n, k, more }: Case, problem: Problem): Promise<Side | null> {
    if (!opencl) return null
    writeFileSync(join(this.#folder, 'a'), problem.a)
    writeFileSync(join(this.#folder, 'b'), problem.b)
    await this.#ask(['set', opencl.kernel, m, n, k, ...opencl.global, ...opencl.local, ...more].join(' '))
    const { threads } = this
    return { name: 'PoCL', threads, problem, run: (iterations) => this.#run(iterations), result: () => this.#result() }
  }

  close(): void {
    this.#child.stdin.end()
  }

  async #run(iterations: number): Promise<Lap> {
    const [ns, busy] = (await this.#ask(`run ${iterations}`)).split(' ').map(Number)
    if (ns === undefined || busy === undefined) throw new Error('the OpenCL driver gave no time')
    return { ns, busy }
  }

  async #result(): Promise<Elements> {
    await this.#ask('get')
    const bytes = readFileSync(join(this.#folder, 'c'))
    return new Float32Array(new Uint8Array(bytes).buffer)
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
