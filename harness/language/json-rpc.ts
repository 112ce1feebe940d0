import type { Readable, Writable } from 'node:stream'

interface Waiting {
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

const headerEnd = '\r\n\r\n'
/** More than any answer of a language server has; a stream that says otherwise is not one. */
const maxMessageBytes = 64 * 2 ** 20

/** JSON-RPC over two streams, framed as language servers do. */
export class JsonRpc {
  readonly #out: Writable
  readonly #waiting = new Map<number, Waiting>()
  #pending: Buffer = Buffer.alloc(0)
  #nextId = 1

  constructor(input: Readable, out: Writable) {
    this.#out = out
    input.on('data', (chunk: Buffer) => this.#take(chunk))
    // A server that died says so by its exit; what was still being written to it is lost anyway.
    out.on('error', () => {})
  }

  /** Rejects with the server's own message, or when the connection ends. */
  request(method: string, params: unknown): Promise<unknown> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send({ id, method, params })
    })
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params })
  }

  /** Everybody who still waits is told. */
  end(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason))
    this.#waiting.clear()
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#out.write(`Content-Length: ${Buffer.byteLength(body)}${headerEnd}${body}`)
  }

  #take(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk])
    for (;;) {
      const end = this.#pending.indexOf(headerEnd)
      if (end < 0) return
      const length = Number(/Content-Length: *(\d+)/i.exec(this.#pending.toString('latin1', 0, end))?.[1])
      if (!(length <= maxMessageBytes)) {
        this.end('the language server sent something that is no message')
        return
      }
      const begin = end + headerEnd.length
      if (this.#pending.length < begin + length) return
      const body = this.#pending.toString('utf8', begin, begin + length)
      this.#pending = this.#pending.subarray(begin + length)
      this.#receive(JSON.parse(body))
    }
  }

  /** Questions of the server's own, and what it tells unasked, are not needed here. */
  #receive(message: { id?: unknown; method?: unknown; result?: unknown; error?: { message?: unknown } }): void {
    const waiting = typeof message.id === 'number' && !message.method ? this.#waiting.get(message.id) : undefined
    if (!waiting) return
    this.#waiting.delete(message.id as number)
    if (message.error) waiting.reject(new Error(String(message.error.message)))
    else waiting.resolve(message.result)
  }
}
