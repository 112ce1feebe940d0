import { z } from 'zod'
import { fail, type LabError, type Result } from '#contract/error.ts'
import type { EventName, EventPayload, LabClient, RequestInput, RequestName, RequestOutput } from '#contract/ipc.ts'
import { events } from '#contract/ipc.ts'

const answerSchema = z.object({ id: z.number(), result: z.unknown() })
const eventSchema = z.object({ event: z.string(), payload: z.unknown() })

interface Pending {
  name: RequestName
  input: unknown
  settle(result: Result<never>): void
}

interface WebSocketLike {
  readyState: number
  send(data: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: (() => void) | null
}

interface Options {
  location: { origin: string; host: string; protocol: string; hash: string; pathname: string; search: string }
  /** Replaced in tests. */
  createSocket?: (url: string) => WebSocketLike
  fetch?: typeof globalThis.fetch
  history?: { replaceState(data: unknown, unused: string, url: string): void }
  retryDelaysMs?: readonly number[]
}

const RETRY_DELAYS_MS = [100, 250, 500, 1000, 2000, 4000] as const
const OPEN = 1

/**
 * The lab over `/ws` of the page's own origin. A token in the URL fragment is exchanged for a session cookie first, and
 * then removed from the address bar. When the connection drops, what was asked fails with `internal`, the host state goes to
 * `restarting`, and the connection is tried again with growing pauses; after the last of them, only when something is asked.
 */
export async function openWebSocketLab(options: Options): Promise<LabClient> {
  await exchangeToken(options)
  const connection = new Connection(options)
  connection.open()
  return {
    shell: 'browser',
    request: <N extends RequestName>(name: N, input: RequestInput<N>) => connection.request(name, input),
    on: (name, listener) => connection.on(name, listener),
  }
}

async function exchangeToken({
  location,
  fetch = globalThis.fetch.bind(globalThis),
  history = globalThis.history,
}: Options) {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!token) return
  await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    credentials: 'same-origin',
  })
  history.replaceState(null, '', location.pathname + location.search)
}

class Connection {
  #options: Options
  #socket: WebSocketLike | null = null
  #nextId = 1
  #attempt = 0
  #hasGivenUp = false
  #pending = new Map<number, Pending>()
  #listeners = new Map<EventName, Set<(payload: never) => void>>()

  constructor(options: Options) {
    this.#options = options
  }

  open(): void {
    const { location, createSocket = (url) => new WebSocket(url) as unknown as WebSocketLike } = this.#options
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = createSocket(`${scheme}://${location.host}/ws`)
    this.#socket = socket
    this.#hasGivenUp = false
    socket.onopen = () => {
      this.#attempt = 0
      for (const [id, pending] of this.#pending) this.#send(id, pending)
    }
    socket.onmessage = (message) => this.#receive(String(message.data))
    socket.onclose = () => this.#closed()
  }

  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<RequestOutput<N>>> {
    const id = this.#nextId++
    return new Promise((resolve) => {
      const pending: Pending = { name, input, settle: resolve as (result: Result<never>) => void }
      this.#pending.set(id, pending)
      if (this.#socket?.readyState === OPEN) this.#send(id, pending)
      else if (this.#hasGivenUp) this.open()
    })
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener as (payload: never) => void)
    return () => listeners.delete(listener as (payload: never) => void)
  }

  #send(id: number, { name, input }: Pending): void {
    this.#socket?.send(JSON.stringify({ id, name, input }))
  }

  #receive(data: string): void {
    const message = parseJson(data)
    const answer = answerSchema.safeParse(message)
    if (answer.success) {
      const pending = this.#pending.get(answer.data.id)
      this.#pending.delete(answer.data.id)
      pending?.settle(answer.data.result as Result<never>)
      return
    }
    const event = eventSchema.safeParse(message)
    if (event.success && event.data.event in events) this.#emit(event.data.event as EventName, event.data.payload)
  }

  #emit(name: EventName, payload: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: unknown) => void)(payload)
  }

  #closed(): void {
    const delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS
    for (const pending of this.#pending.values()) pending.settle(fail(connectionLost(pending.name)))
    this.#pending.clear()
    const delay = delays[this.#attempt]
    this.#attempt += 1
    if (delay === undefined) {
      this.#hasGivenUp = true
      this.#emit('host.state', {
        state: 'failed',
        restarts: this.#attempt,
        reason: 'The lab server is gone. Start it again and reload this page with its new link.',
      })
      return
    }
    this.#emit('host.state', {
      state: 'restarting',
      restarts: this.#attempt,
      reason: 'The connection to the lab server was lost.',
    })
    setTimeout(() => this.open(), delay)
  }
}

function connectionLost(name: RequestName): LabError {
  return {
    kind: 'internal',
    message: `The connection to the lab server closed before it answered ${name}. Is it still running?`,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
