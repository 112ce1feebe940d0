import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import { fail, type Result } from '#contract/error.ts'
import { type EventName, events } from '#contract/ipc.ts'
import { type LabPort, serveRequest } from '#contract/serve.ts'

/** Largest message accepted, bytes: a document and its diagnostics are far below. */
export const maxMessageBytes = 16 * 2 ** 20

/** Progress is droppable: a page that cannot keep up gets fewer steps, never a growing queue. */
const maxQueuedBytes = 4 * 2 ** 20

const messageSchema = z.object({ id: z.union([z.number(), z.string()]), name: z.string(), input: z.unknown() })

const send = (socket: WebSocket, message: unknown) => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
}

async function answer(lab: LabPort, socket: WebSocket, data: RawData): Promise<void> {
  let raw: unknown
  try {
    raw = JSON.parse(data.toString())
  } catch {
    return send(socket, refusal(null, 'The message is not JSON.'))
  }
  const message = messageSchema.safeParse(raw)
  if (!message.success) return send(socket, refusal(null, 'A message is {id, name, input}.'))
  const { id, name, input } = message.data
  const result: Result<unknown> = await serveRequest(lab, name, input)
  try {
    send(socket, { id, result })
  } catch (thrown) {
    send(socket, refusal(id, `The answer of ${name} cannot be sent: ${String(thrown)}`))
  }
}

const refusal = (id: number | string | null, message: string) => ({ id, result: fail({ kind: 'invalid', message }) })

/** Passes every event of the lab to every open socket; returns how to add a socket and how to stop. */
export function createLabSockets(lab: LabPort) {
  const sockets = new Set<WebSocket>()
  const pending = new Set<Promise<void>>()
  let hostState: unknown = null

  const publish = (event: EventName, payload: unknown) => {
    if (event === 'host.state') hostState = payload
    for (const socket of sockets) {
      if (event === 'run.progress' && socket.bufferedAmount > maxQueuedBytes) continue
      send(socket, { event, payload })
    }
  }
  const names = Object.keys(events) as EventName[]
  const stops = names.map((name) => lab.on(name, (payload) => publish(name, payload)))

  return {
    /** Serves one socket until it closes. A page that comes late learns the host's state at once. */
    add(socket: WebSocket): void {
      sockets.add(socket)
      socket.on('message', (data) => {
        const answered = answer(lab, socket, data).finally(() => pending.delete(answered))
        pending.add(answered)
      })
      socket.on('close', () => sockets.delete(socket))
      // ws reports oversize and malformed frames here and closes the socket itself.
      socket.on('error', () => sockets.delete(socket))
      if (hostState !== null) send(socket, { event: 'host.state', payload: hostState })
    },
    /** Resolves when every message received so far is answered: what a closing page still saved is then on disk. */
    settled: async (): Promise<void> => void (await Promise.allSettled([...pending])),
    close(): void {
      for (const stop of stops) stop()
      for (const socket of sockets) socket.terminate()
      sockets.clear()
    },
  }
}
