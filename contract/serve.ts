import { fail, type Result } from './error.ts'
import {
  type EventName,
  type EventPayload,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  requests,
} from './ipc.ts'

/** The lab as a shell sees it: what the supervisor of the kernel host promises, whatever process it runs in. */
export interface LabPort {
  /** Never rejects; a dead host is an error value. */
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<RequestOutput<N>>>
  /** Returns what unsubscribes. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
  /** Ends the host; resolves when it is gone. */
  close(): Promise<void>
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name)
}

/**
 * Answers one message of a renderer, which is not trusted: the name must be one of `requests` and the input must parse.
 * Never throws: an unknown name or a bad input is `invalid`, a defect behind it is `internal`.
 */
export async function serveRequest(lab: LabPort, name: unknown, input: unknown): Promise<Result<unknown>> {
  if (!isRequestName(name)) {
    const said = typeof name === 'string' ? `"${name.slice(0, 60)}"` : `a ${typeof name}`
    return fail({ kind: 'invalid', message: `No such request: ${said}. Reload the page if it is older than the lab.` })
  }
  const parsed = requests[name].input.safeParse(input)
  if (!parsed.success) {
    const where = parsed.error.issues.slice(0, 3).map((i) => `${i.path.join('.') || 'input'}: ${i.message}`)
    return fail({ kind: 'invalid', message: `${name} was asked with a bad input: ${where.join('; ')}` })
  }
  try {
    return await lab.request(name, parsed.data as RequestInput<typeof name>)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return fail({ kind: 'internal', message: `${name} failed inside the lab: ${message}` })
  }
}
