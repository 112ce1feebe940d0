import { EventEmitter } from 'node:events'
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { EventName, EventPayload } from '#contract/ipc.ts'
import type { LabPort } from '#contract/serve.ts'
import { type SweepStarted, sweepOptionsSchema } from '#contract/sweep.ts'
import { isLanguageRequest, LanguageService } from '../language/language-service.ts'
import { isKernels, type ProofPlace } from '../verify/proof-place.ts'
import { BackupKeeper } from './backup-keeper.ts'
import { type HostRequestInput, type HostRequestName, type HostRequestOutput, hostRequests } from './cli-requests.ts'
import { displayError, displayRow } from './display-path.ts'
import { HostProcess } from './host-process.ts'
import type { FromHost, HostConfig } from './messages.ts'
import { RunLedger } from './run-ledger.ts'
import { SweepKeeper } from './sweep-keeper.ts'

export interface LabOptions {
  /** Folder that holds kernels and manifests. */
  workspaceRoot: string
  /** Options of devices by id: `{ null: { run: 'crash' } }`. */
  deviceOptions?: HostConfig['deviceOptions']
  /** Restarts in a row before the lab gives up; 3. A request that succeeds starts the count anew. */
  restartLimit?: number
  /** 2 s. */
  pingIntervalMs?: number
  /** Pings that may go unanswered in a row; 30. Kernels run beside the host's own loop, so only a defect stops it. */
  maxUnanswered?: number
  /** Module that a kernel host runs; for tests. */
  entry?: string
}

type State = EventPayload<'host.state'>['state']

interface Pending {
  name: HostRequestName
  input: unknown
  /** Hosts that died over it. */
  deaths: number
  isSent: boolean
  settle: (result: Result<unknown>) => void
}

const closed: LabError = { kind: 'cancelled', message: 'the lab is closing' }

// A folder that does not exist is the host's to report, on every request that needs it.
function realPathOf(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return resolve(folder)
  }
}

/**
 * Keeps a kernel host alive and asks it things. A host that dies or hangs is replaced; requests that may be repeated
 * are asked once more, the others and the runs under way end with what happened.
 */
export class Supervisor implements LabPort {
  readonly #options: LabOptions
  readonly #root: string
  readonly #events = new EventEmitter()
  readonly #backups: BackupKeeper
  readonly #runs = new RunLedger()
  readonly #sweep = new SweepKeeper()
  /** Here and not in a kernel host: a kernel that hangs or crashes must not take the editor's help with it. */
  readonly #language: LanguageService
  readonly #pending = new Map<number, Pending>()
  #host: HostProcess | null = null
  #state: State | 'closed' = 'starting'
  #restarts = 0
  #nextId = 1
  #failure: LabError | null = null

  constructor(options: LabOptions) {
    this.#options = options
    this.#root = realPathOf(options.workspaceRoot)
    this.#backups = new BackupKeeper(this.#root)
    this.#language = new LanguageService(this.#root)
    this.#start()
  }

  get state(): State | 'closed' {
    return this.#state
  }

  /** Process id of the present kernel host. */
  get hostPid(): number | undefined {
    return this.#host?.pid
  }

  /** Never rejects. Waits while the host is starting; fails with `device-lost` when it has given up or dies over it. */
  request<N extends HostRequestName>(name: N, input: HostRequestInput<N>): Promise<Result<HostRequestOutput<N>>> {
    return (this.#answerHere(name, input) ?? this.#ask(name, input)) as Promise<Result<HostRequestOutput<N>>>
  }

  /** What needs no host, or must not wait for one. */
  #answerHere(name: HostRequestName, input: unknown): Promise<Result<unknown>> | null {
    if (name === 'host.restart') return this.#restart()
    if (name === 'document.backup' && this.#state !== 'closed')
      return this.#backups.keep(input as HostRequestInput<'document.backup'>)
    if (name === 'document.save' && this.#state !== 'closed')
      return this.#backups.whileSaving(input as HostRequestInput<'document.save'>, () => this.#ask(name, input))
    if (isLanguageRequest(name) && this.#state !== 'closed') return this.#language.request(name, input as never)
    return null
  }

  #ask(name: HostRequestName, input: unknown): Promise<Result<unknown>> {
    const refusal = this.#state === 'closed' ? closed : this.#state === 'failed' ? this.#failure : null
    if (refusal) return Promise.resolve(fail(refusal))
    return new Promise((settle) => {
      const id = this.#nextId++
      const pending: Pending = { name, input, deaths: 0, isSent: false, settle }
      this.#pending.set(id, pending)
      if (this.#state === 'ready') this.#send(id, pending)
    })
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    this.#events.on(name, listener)
    return () => this.#events.off(name, listener)
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    await Promise.all([this.#backups.settled(), this.#host?.end(closed), this.#language.close()])
    for (const pending of this.#pending.values()) pending.settle(fail(closed))
    this.#pending.clear()
  }

  #start(): void {
    const { deviceOptions = {}, entry, pingIntervalMs = 2000, maxUnanswered = 30 } = this.#options
    const host = new HostProcess(
      { config: { workspaceRoot: this.#root, deviceOptions }, entry, pingIntervalMs, maxUnanswered },
      { message: (message) => this.#receive(message), exit: (error) => this.#died(error) },
    )
    this.#host = host
  }

  #send(id: number, pending: Pending): void {
    pending.isSent = true
    this.#host?.send({ kind: 'request', id, name: pending.name, input: pending.input })
  }

  #receive(message: FromHost): void {
    if (this.#state === 'closed') return
    switch (message.kind) {
      case 'ready':
        this.#becomeReady()
        break
      case 'answer':
        this.#answer(message.id, message.result)
        break
      case 'skeleton':
        this.#runs.sketch(message.runId, message.row)
        break
      case 'underway':
        this.#runs.place(message.runId, message.place)
        break
      case 'leaving':
        void this.#host?.end(message.error)
        break
      case 'event':
        if (message.name === 'run.progress') this.#runs.begin(message.payload.runId)
        if (message.name === 'run.finished') this.#finishRun(message.payload.runId)
        if (message.name === 'sweep.changed' && this.#sweep.change(message.payload)) this.#restarts = 0
        this.#emit(message.name, message.payload)
        break
      case 'pong':
        break
    }
  }

  #becomeReady(): void {
    this.#enter('ready')
    for (const [id, pending] of this.#pending) this.#send(id, pending)
  }

  #answer(id: number, result: Result<unknown>): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    // Starting a run proves nothing about the host, since its kernel has yet to run; nor does keeping the last one's row.
    const isProof = hostRequests[pending.name].retry && pending.name !== 'rows.add'
    if (result.ok && isProof) this.#restarts = 0
    const runId = result.ok ? (result.value as { runId?: unknown } | null)?.runId : undefined
    if (typeof runId === 'string') this.#runs.begin(runId)
    if (result.ok && pending.name === 'sweep.start')
      this.#sweep.begin(sweepOptionsSchema.parse(pending.input), result.value as SweepStarted)
    pending.settle(result)
  }

  #finishRun(runId: string): void {
    this.#runs.finish(runId)
    this.#restarts = 0
  }

  #died(error: LabError): void {
    this.#host = null
    if (this.#state === 'closed') return
    const hasGivenUp = this.#restarts >= (this.#options.restartLimit ?? 3)
    if (hasGivenUp) this.#giveUp(error)
    else this.#restarts++
    this.#settleLost(error, hasGivenUp)
    const ended = this.#runs.endAll(error)
    if (!hasGivenUp) {
      this.#enter('restarting', error)
      this.#start()
    }
    for (const { runId, outcome, place } of ended) {
      // What ends a host that hangs, or leaves, says nothing of a kernel.
      if (place && !hasGivenUp && error.kind === 'device-lost' && isKernels(error)) {
        void this.#finishProof(runId, place, error)
        continue
      }
      if (outcome.kind === 'bench') outcome.row = displayRow(this.#root, outcome.row)
      if (outcome.kind === 'bench') void this.request('rows.add', { row: outcome.row })
      this.#emit('run.finished', { runId, outcome })
    }
    if (hasGivenUp || this.#sweep.toContinue === null) this.#endSweep(error)
    else void this.#continueSweep(this.#sweep.toContinue)
  }

  /** The crash of a proof's kernel is what the proof found: the next host takes it down, before anyone is told. */
  async #finishProof(runId: string, place: ProofPlace, error: LabError): Promise<void> {
    const taken = await this.request('proof.crashed', { place, error })
    const outcome = taken.ok ? taken.value : { kind: 'failed' as const, error }
    this.#emit('catalog.changed', {})
    this.#emit('run.finished', { runId, outcome })
  }

  /** After the row of the pair that the last host died over was kept: that pair is done. */
  async #continueSweep(sweep: HostRequestInput<'sweep.continue'>): Promise<void> {
    const continued = await this.request('sweep.continue', sweep)
    // A host that died over this very request is followed by another, which is asked again.
    if (!continued.ok && continued.error.kind !== 'device-lost') this.#endSweep(continued.error)
  }

  #endSweep(error: LabError): void {
    const end = this.#sweep.end(error)
    if (end) this.#emit('sweep.changed', end)
  }

  #giveUp(error: LabError): void {
    const message = `the kernel host ended ${this.#restarts + 1} times in a row and was not started again; last: ${error.message}`
    this.#failure = { ...error, message }
    this.#enter('failed', this.#failure)
  }

  #settleLost(error: LabError, hasGivenUp: boolean): void {
    for (const [id, pending] of this.#pending) {
      if (pending.isSent) pending.deaths++
      pending.isSent = false
      const mayRepeat = !hasGivenUp && pending.deaths < 2 && (pending.deaths === 0 || hostRequests[pending.name].retry)
      if (mayRepeat) continue
      this.#pending.delete(id)
      pending.settle(fail(error))
    }
  }

  #restart(): Promise<Result<Record<string, never>>> {
    if (this.#state === 'failed') {
      this.#restarts = 0
      this.#failure = null
      this.#enter('starting')
      this.#start()
    }
    return Promise.resolve(this.#state === 'closed' ? fail(closed) : ok({}))
  }

  #enter(state: State, cause?: LabError): void {
    this.#state = state
    const error = cause && displayError(this.#root, cause)
    this.#emit('host.state', { state, restarts: this.#restarts, ...(error ? { reason: error.message, error } : {}) })
  }

  #emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    this.#events.emit(name, payload)
  }
}

/** The lab over one workspace, with its kernel host starting. A shell serves it; close it to end the host. */
export function createLab(options: LabOptions): Supervisor {
  return new Supervisor(options)
}
