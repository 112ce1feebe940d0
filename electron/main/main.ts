import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { app, type BrowserWindow, dialog } from 'electron'
import type { LabPort } from '#contract/serve.ts'
import { createLab } from '#harness/host/supervisor.ts'
import { installMenu } from './menu.ts'
import { type ServedWindow, serveWindow } from './serve-window.ts'
import { createWindow, loadPage } from './window.ts'

/** How long a closing window may still save, ms. */
const saveGraceMs = 3000

interface Running {
  window: BrowserWindow
  lab: LabPort
  served: ServedWindow
}

function workspaceRoot(): string {
  const options = { workspace: { type: 'string' }, device: { type: 'string' } } as const
  const { values } = parseArgs({ args: process.argv.slice(1), options, strict: false })
  return typeof values.workspace === 'string' ? resolve(values.workspace) : app.getAppPath()
}

async function start(): Promise<Running> {
  installMenu()
  const lab = await createLab({ workspaceRoot: workspaceRoot() })
  const window = createWindow()
  const served = serveWindow(window, lab)
  await loadPage(window)
  return { window, lab, served }
}

/** Ends in order: the page's last saves, then the kernel host, then the process. */
async function shutDown({ lab, served }: Running): Promise<void> {
  await Promise.race([served.settled(), new Promise((done) => setTimeout(done, saveGraceMs))])
  served.stop()
  await lab.close()
}

function run(): void {
  let running: Running | null = null

  app.on('second-instance', () => {
    if (running?.window.isMinimized()) running.window.restore()
    running?.window.focus()
  })
  // One window is the whole app, on macOS too: without it there is no lab to come back to.
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    const ending = running
    if (ending === null) return
    event.preventDefault()
    running = null
    void shutDown(ending).finally(() => app.quit())
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())

  app
    .whenReady()
    .then(start)
    .then((started) => {
      running = started
    })
    .catch((thrown: unknown) => {
      const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
      process.stderr.write(`Kernel Lab could not start: ${message}\n`)
      dialog.showErrorBox('Kernel Lab could not start', message)
      app.exit(1)
    })
}

if (app.requestSingleInstanceLock()) run()
else app.quit()
