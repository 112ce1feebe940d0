import type { LabClient } from '#contract/ipc.ts'
import { openWebSocketLab } from './web-socket-lab.ts'

declare global {
  /** Exposed by the Electron preload; absent in a browser tab. */
  var lab: LabClient | undefined
}

/** The preload's lab, or one over a WebSocket to the server that served this page. */
export async function connectLab(): Promise<LabClient> {
  return globalThis.lab ?? openWebSocketLab({ location: globalThis.location })
}
