import { EventEmitter } from 'node:events'

export type Params = Record<string, unknown>

/** A DevTools connection to one browser: commands by promise, events by `sessionId:method` ('' for the browser). */
export class DevTools extends EventEmitter {
  #socket: WebSocket
  #nextId = 1
  #pending = new Map<number, { resolve(value: Params): void; reject(error: Error): void }>()

  private constructor(socket: WebSocket) {
    super()
    this.setMaxListeners(0)
    this.#socket = socket
    socket.onmessage = (message) => this.#receive(JSON.parse(String(message.data)))
    socket.onclose = () => {
      for (const { reject } of this.#pending.values()) reject(new Error('The browser is gone.'))
      this.#pending.clear()
    }
  }

  static connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url)
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(new DevTools(socket))
      socket.onerror = () => reject(new Error(`Chromium does not answer at ${url}`))
    })
  }

  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  close(): void {
    this.#socket.close()
  }

  #receive(message: {
    id?: number
    method?: string
    params?: Params
    result?: Params
    error?: Params
    sessionId?: string
  }) {
    if (message.id === undefined) {
      this.emit(`${message.sessionId ?? ''}:${message.method}`, message.params)
      return
    }
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.error) pending?.reject(new Error(String(message.error.message)))
    else pending?.resolve(message.result ?? {})
  }
}
