import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabError } from '#contract/error.ts'
import { describeCrash, locate, readCrashReport } from './crash-report.ts'
import type { FromHost, HostConfig, ToHost } from './messages.ts'
import { hostNode, repoRoot } from './repo-root.ts'

export interface HostOptions {
  config: Omit<HostConfig, 'crashReportPath'>
  /** Module to run; harness/host/main.ts when absent. */
  entry?: string
  /** A host that leaves this many pings unanswered is ended. */
  maxUnanswered: number
  pingIntervalMs: number
}

export interface HostListener {
  message(message: FromHost): void
  /** Called once, after the last message. */
  exit(error: LabError): void
}

const drainMs = 500
const keptStderr = 4000

/** One kernel-host process, from its start to the reason of its end. */
export class HostProcess {
  readonly #options: HostOptions
  readonly #listener: HostListener
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #pings: NodeJS.Timeout
  readonly #ended: Promise<void>
  #unanswered = 0
  #stderr = ''
  #endedBecause: LabError | null = null

  constructor(options: HostOptions, listener: HostListener) {
    this.#options = options
    this.#listener = listener
    this.#folder = mkdtempSync(join(tmpdir(), 'klab-host-'))
    const root = repoRoot()
    this.#child = fork(options.entry ?? join(root, 'harness', 'host', 'main.ts'), [], {
      execPath: hostNode(root),
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A hung kernel holds a worker thread for good, and checks need others.
      env: { ...process.env, UV_THREADPOOL_SIZE: '8', NODE_OPTIONS: '' },
    })
    this.#ended = this.#watchEnd()
    this.#child.on('message', (message) => this.#receive(message as FromHost))
    this.#watchOutput()
    this.send({ kind: 'boot', config: { ...options.config, crashReportPath: this.#crashReportPath } })
    this.#pings = setInterval(() => this.#ping(), options.pingIntervalMs)
    this.#pings.unref()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Messages to a dead host are dropped: its exit answers for them. */
  send(message: ToHost): void {
    if (!this.#child.connected) return
    this.#child.send(message, () => {})
  }

  /** Ends the process at once; `because` is what its exit will say. Resolves when it is gone. */
  async end(because: LabError): Promise<void> {
    this.#endedBecause ??= because
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  get #crashReportPath(): string {
    return join(this.#folder, 'crash.json')
  }

  #receive(message: FromHost): void {
    if (message.kind === 'pong') this.#unanswered = 0
    else this.#listener.message(message)
  }

  #ping(): void {
    if (this.#unanswered >= this.#options.maxUnanswered) {
      const seconds = Math.round((this.#unanswered * this.#options.pingIntervalMs) / 1000)
      void this.end({ kind: 'timeout', message: `the kernel host did not answer for ${seconds} s and was ended` })
      return
    }
    this.#unanswered++
    this.send({ kind: 'ping' })
  }

  // Standard output belongs to the shell (a command prints JSON there), so everything a host says is a log.
  #watchOutput(): void {
    const forward = (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-keptStderr)
      process.stderr.write(chunk)
    }
    this.#child.stdout?.on('data', forward)
    this.#child.stderr?.on('data', forward)
  }

  async #watchEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<[number | null, NodeJS.Signals | null]>()
    this.#child.once('exit', (code, signal) => resolve([code, signal]))
    this.#child.once('error', (error) => {
      this.#stderr += error.message
      resolve([null, null])
    })
    // Messages sent before the end may still be in the pipe when the exit is seen.
    const drained = new Promise((done) => this.#child.once('close', done))
    const [code, signal] = await promise
    await Promise.race([drained, new Promise((done) => setTimeout(done, drainMs))])
    clearInterval(this.#pings)
    const error = await this.#explain(code, signal)
    rmSync(this.#folder, { recursive: true, force: true })
    this.#listener.exit(error)
  }

  async #explain(code: number | null, signal: NodeJS.Signals | null): Promise<LabError> {
    if (this.#endedBecause) return this.#endedBecause
    const report = readCrashReport(this.#crashReportPath)
    if (report) return describeCrash(report, await locate(report))
    if (signal === 'SIGKILL') {
      return { kind: 'device-lost', message: 'the kernel host was killed (SIGKILL), by hand or because memory ran out' }
    }
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`
    const said = this.#stderr.trim().split('\n').slice(-5).join('\n')
    return { kind: 'device-lost', message: `the kernel host ${how}${said ? `: ${said}` : ''}` }
  }
}
