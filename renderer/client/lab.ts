import type { LabClient } from '#contract/ipc.ts'

let client: LabClient | null = null

/** Sets the one way out of the renderer; called once at start, and by tests. */
export function setLab(next: LabClient): void {
  client = next
}

/** The connected lab. Using it before `setLab` is a defect. */
export function lab(): LabClient {
  if (!client) throw new Error('lab used before it was connected')
  return client
}
