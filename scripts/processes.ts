import { type ChildProcess, spawn } from 'node:child_process'
import { root } from './paths.ts'

/** How long a program may take to end after it was asked to, ms. */
const endGraceMs = 8000

const running = new Set<ChildProcess>()
let isEnding = false

/** One program that ended: its exit code (128 + n after a signal) and, when captured, what it said. */
export interface Ended {
  code: number
  output: string
}

interface Options {
  env?: Record<string, string>
  /** Keep the output instead of showing it. */
  isCaptured?: boolean
}

/** Runs a program in the repository until it ends. Never rejects: a program that cannot start has code 127. */
export function run(command: string, args: string[], { env = {}, isCaptured = false }: Options = {}): Promise<Ended> {
  if (isEnding) return Promise.resolve({ code: 130, output: '' })
  const stdio = isCaptured ? (['ignore', 'pipe', 'pipe'] as const) : 'inherit'
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: stdio as 'inherit' })
  running.add(child)
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve) => {
    const end = (code: number, said: string) => {
      running.delete(child)
      resolve({ code, output: said })
    }
    child.once('error', (error) => end(127, `${output}${error.message}\n`))
    child.once('close', (code, signal) => end(code ?? (signal === null ? 1 : 130), output))
  })
}

/** Ctrl-C, and a plain kill, end every program that `run` started, and then this one. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isEnding) return
      isEnding = true
      // A terminal has sent Ctrl-C to the whole group already; a second SIGTERM does no harm, a missing one would.
      for (const child of running) child.kill('SIGTERM')
      const kill = setTimeout(() => {
        for (const child of running) child.kill('SIGKILL')
      }, endGraceMs)
      kill.unref()
      const poll = setInterval(() => {
        if (running.size > 0) return
        clearInterval(poll)
        process.exit(signal === 'SIGINT' ? 130 : 143)
      }, 20)
    })
  }
}

/** The last lines of a long output, for the one message that explains a failure. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
