import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { fail, ok, type Result } from '#contract/error.ts'
import { JsonRpc } from './json-rpc.ts'

const answerMs = 20_000
const firstPauseMs = 1000
const longestPauseMs = 60_000
const memoryCheckMs = 5000
/** Ten times what it takes for a workspace of kernels. */
const maxMemoryBytes = 2 * 2 ** 30

const options = [
  // A workspace is not ours: its .clangd files could name any program's flags.
  '--enable-config=0',
  ...['--background-index=false', '--header-insertion=never', '--pch-storage=memory', '--clang-tidy=false'],
  ...['--all-scopes-completion=false', '--completion-style=detailed', '--limit-results=400', '--limit-references=2000'],
  ...['-j=2', '--log=error'],
]

const capabilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ['relative'] },
  },
}

interface Running {
  process: ChildProcess
  rpc: JsonRpc
  legend: { tokenTypes: string[]; tokenModifiers: string[] }
  memory: NodeJS.Timeout
}

/**
 * One clangd, started when it is first asked. One that died is started again by the next question, after a pause that
 * doubles each time it dies without having answered.
 */
export class Clangd {
  readonly #path: string
  readonly #maxBytes: number
  #running: Running | null = null
  #starting: Promise<Result<Running>> | null = null
  #deaths = 0
  #notBefore = 0
  #isClosed = false
  /** Counts processes: what was opened in an older one is not open any more. */
  generation = 0

  constructor(path: string, { maxBytes = maxMemoryBytes }: { maxBytes?: number } = {}) {
    this.#path = path
    this.#maxBytes = maxBytes
  }

  get pid(): number | undefined {
    return this.#running?.process.pid
  }

  /** Names of the numbers in semantic tokens. */
  get legend(): Running['legend'] {
    return this.#running?.legend ?? { tokenTypes: [], tokenModifiers: [] }
  }

  /** Makes sure that one runs. */
  async start(): Promise<Result<void>> {
    if (this.#running) return ok(undefined)
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = null
    })
    const started = await this.#starting
    return started.ok ? ok(undefined) : started
  }

  /** Only while one runs; else nothing happens. */
  notify(method: string, params: unknown): void {
    this.#running?.rpc.notify(method, params)
  }

  /** One that does not answer in time is ended: the next question starts another. */
  async request(method: string, params: unknown): Promise<Result<unknown>> {
    const running = this.#running
    if (!running) return fail({ kind: 'internal', message: 'the language server is not running' })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        running.process.kill('SIGKILL')
        reject(new Error(`no answer to ${method} in ${answerMs / 1000} s; it is started anew`))
      }, answerMs)
    })
    try {
      const answer = await Promise.race([running.rpc.request(method, params), late])
      this.#deaths = 0
      return ok(answer)
    } catch (error) {
      return fail({ kind: 'internal', message: `the language server: ${(error as Error).message}` })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the process for good. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#starting
    const child = this.#running?.process
    if (!child || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  async #launch(): Promise<Result<Running>> {
    const wait = this.#notBefore - Date.now()
    if (this.#isClosed) return fail({ kind: 'cancelled', message: 'the lab is closing' })
    if (wait > 0)
      return fail({
        kind: 'internal',
        message: `the language server ended by itself; it is started again in ${Math.ceil(wait / 1000)} s`,
      })
    const child = spawn(this.#path, options, { stdio: ['pipe', 'pipe', 'ignore'] })
    const rpc = new JsonRpc(child.stdout, child.stdin)
    child.once('error', (error) => this.#ended(child, rpc, error.message))
    child.once('exit', (code, signal) => this.#ended(child, rpc, `it ended with ${signal ?? `code ${code}`}`))
    try {
      const params = { processId: process.pid, rootUri: null, capabilities, initializationOptions: {} }
      const answer = (await rpc.request('initialize', params)) as {
        capabilities?: { semanticTokensProvider?: { legend?: Running['legend'] } }
      }
      rpc.notify('initialized', {})
      const legend = answer.capabilities?.semanticTokensProvider?.legend ?? { tokenTypes: [], tokenModifiers: [] }
      const memory = setInterval(() => this.#checkMemory(child), memoryCheckMs)
      memory.unref()
      this.#running = { process: child, rpc, legend, memory }
      this.generation++
      return ok(this.#running)
    } catch (error) {
      child.kill('SIGKILL')
      return fail({ kind: 'internal', message: `${this.#path} could not be started: ${(error as Error).message}` })
    }
  }

  #ended(child: ChildProcess, rpc: JsonRpc, reason: string): void {
    rpc.end(reason)
    if (this.#running?.process === child) {
      clearInterval(this.#running.memory)
      this.#running = null
    }
    this.#notBefore = Date.now() + Math.min(firstPauseMs * 2 ** this.#deaths++, longestPauseMs)
  }

  #checkMemory(child: ChildProcess): void {
    execFile('ps', ['-o', 'rss=', '-p', String(child.pid)], (error, stdout) => {
      if (!error && Number(stdout) * 1024 > this.#maxBytes) child.kill('SIGKILL')
    })
  }
}
