import type { EventPayload, RunOutcome } from '#contract/ipc.ts'
import { createLab, type Supervisor } from '#harness/host/supervisor.ts'

/** The lab of this checkout with its own kernels, once its kernel host answers. */
export async function openLab(): Promise<Supervisor> {
  const lab = createLab({ workspaceRoot: new URL('..', import.meta.url).pathname })
  const devices = await lab.request('devices.list', {})
  if (!devices.ok) throw new Error(devices.error.message)
  return lab
}

/** Document id and text of a file of the workspace by its relative path. */
export async function documentAt(lab: Supervisor, path: string): Promise<{ id: string; text: string }> {
  const workspace = await lab.request('workspace.open', {})
  if (!workspace.ok) throw new Error(workspace.error.message)
  const node = workspace.value.nodes.find((candidate) => candidate.path === path)
  if (!node) throw new Error(`the workspace has no ${path}`)
  const read = await lab.request('document.read', { id: node.id })
  if (!read.ok) throw new Error(read.error.message)
  return { id: node.id, text: read.value.text }
}

/** Resolves with the outcome of the next run that finishes. */
export function nextOutcome(lab: Supervisor): Promise<RunOutcome> {
  return new Promise((resolve) => {
    const stop = lab.on('run.finished', (payload: EventPayload<'run.finished'>) => {
      stop()
      resolve(payload.outcome)
    })
  })
}
