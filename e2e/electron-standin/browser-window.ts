import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { WebContents } from './web-contents.ts'

interface WindowOptions {
  width?: number
  height?: number
  webPreferences?: { preload?: string; contextIsolation?: boolean; sandbox?: boolean; nodeIntegration?: boolean }
}

const all = new Set<BrowserWindow>()

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  readonly options: WindowOptions

  constructor(options: WindowOptions = {}) {
    super()
    this.options = options
    const { width = 800, height = 600, webPreferences } = options
    if (
      webPreferences?.contextIsolation === false ||
      webPreferences?.nodeIntegration ||
      webPreferences?.sandbox === false
    )
      throw new Error('The stand-in has only isolated, sandboxed preloads.')
    this.webContents = new WebContents(webPreferences?.preload, { width, height })
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.once('destroyed', () => {
      all.delete(this)
      this.emit('closed')
      app.windowClosed(this)
    })
    all.add(this)
    app.windows.add(this)
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url)
  close = (): void => this.webContents.close()
  isDestroyed = (): boolean => this.webContents.isDestroyed()
  isMinimized = (): boolean => false
  show(): void {}
  focus(): void {}
  restore(): void {}

  static getAllWindows = (): BrowserWindow[] => [...all]
  static fromWebContents = (contents: unknown): BrowserWindow | null =>
    [...all].find((w) => w.webContents === contents) ?? null
}

/** How a driver finds the page it holds by its DevTools id. */
export const webContents = {
  fromDevToolsTargetId: (id: string): WebContents | undefined =>
    [...all].find((w) => w.webContents.targetId === id)?.webContents,
}
