import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { fail } from '#contract/error.ts'
import { type EventName, events } from '#contract/ipc.ts'
import { type LabPort, serveRequest } from '#contract/serve.ts'
import { channels } from './channels.ts'

/** How the rest of the shell asks about the messages of its page. */
export interface ServedWindow {
  /** Resolves when every request received so far is answered: what a closing page still saved is then on disk. */
  settled(): Promise<void>
  /** Stops serving. */
  stop(): void
}

/**
 * Serves the lab to the top frame of one window, and to nothing else: a frame that is not the window's own page is
 * answered with an error and reaches no handler.
 */
export function serveWindow(window: BrowserWindow, lab: LabPort): ServedWindow {
  const pending = new Set<Promise<unknown>>()
  const contents = window.webContents

  const isOwnPage = (event: IpcMainInvokeEvent) => event.sender === contents && event.senderFrame === contents.mainFrame

  ipcMain.handle(channels.request, async (event, name: unknown, input: unknown) => {
    if (!isOwnPage(event)) return fail({ kind: 'invalid', message: 'Only the page of the lab may ask the lab.' })
    const answer = serveRequest(lab, name, input)
    pending.add(answer)
    try {
      return await answer
    } finally {
      pending.delete(answer)
    }
  })

  const names = Object.keys(events) as EventName[]
  let hostState: unknown = null
  const publish = (name: EventName, payload: unknown) => {
    if (name === 'host.state') hostState = payload
    if (!contents.isDestroyed()) contents.send(channels.event, name, payload)
  }
  const stops = names.map((name) => lab.on(name, (payload) => publish(name, payload)))
  // A page that loads or reloads has missed the state of the host.
  contents.on('did-finish-load', () => {
    if (hostState !== null) contents.send(channels.event, 'host.state', hostState)
  })

  return {
    settled: async () => void (await Promise.allSettled([...pending])),
    stop: () => {
      ipcMain.removeHandler(channels.request)
      for (const stop of stops) stop()
    },
  }
}
