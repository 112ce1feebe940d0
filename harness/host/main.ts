import { fail, type Result } from '#contract/error.ts'
import { setCrashReport } from '../bridge/device-handle.ts'
import { hostRequests } from './cli-requests.ts'
import { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'
import type { FromHost, HostConfig, ToHost } from './messages.ts'
import { createHandlers } from './service.ts'

const send = (message: FromHost) => {
  process.send?.(message)
}

type Handler = (input: unknown) => Promise<Result<unknown>>

/** The process's boundary: what throws behind it is a defect, and is told as one. */
async function answer(handlers: HostHandlers, name: string, input: unknown): Promise<Result<unknown>> {
  const handler = Object.hasOwn(handlers, name) ? (handlers[name as keyof HostHandlers] as Handler) : undefined
  if (!handler) return fail({ kind: 'invalid', message: `the kernel host has no request "${name}"` })
  const parsed = hostRequests[name as keyof HostHandlers].input.safeParse(input)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
    return fail({ kind: 'invalid', message: `${name}: ${issues.slice(0, 3).join('; ')}` })
  }
  try {
    return await handler(parsed.data)
  } catch (thrown) {
    console.error(thrown)
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return fail({ kind: 'internal', message: `${name} failed inside the kernel host: ${message}` })
  }
}

function boot(config: HostConfig): (message: ToHost) => void {
  const context = new HostContext(config, send)
  const handlers = createHandlers(context)
  const { library } = context.devices
  const reporting = library.ok ? setCrashReport(library.value, config.crashReportPath) : library
  if (!reporting.ok) console.error(reporting.error.message)
  send({ kind: 'ready' })
  return (message) => {
    if (message.kind !== 'request') return
    void answer(handlers, message.name, message.input).then((result) => {
      send({ kind: 'answer', id: message.id, result })
      context.leaveIfLost()
    })
  }
}

let receive: ((message: ToHost) => void) | null = null

process.on('message', (message: ToHost) => {
  if (message.kind === 'ping') send({ kind: 'pong' })
  else if (message.kind === 'boot') receive ??= boot(message.config)
  else receive?.(message)
})

// Whoever started this process is gone; a hung kernel must not keep it alive, and nothing here needs tidying.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

// An interrupt from a terminal reaches every process of the group. What it ends is for whoever started this one to say.
process.on('SIGINT', () => {})
