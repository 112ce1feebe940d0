import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, BrowserWindow, type WebContents } from 'electron'

/** Creates the lab's window, guarded, without loading a page. Everything the page may do goes through the preload. */
export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#1b1d21',
    title: 'Kernel Lab',
    webPreferences: {
      preload: join(app.getAppPath(), 'out/preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  guard(window.webContents)
  return window
}

/** Loads the built page. */
export async function loadPage(window: BrowserWindow): Promise<void> {
  await window.loadURL(pathToFileURL(join(app.getAppPath(), 'out/renderer/index.html')).href)
}

/** The page stays the page: no navigation, no second window, no webview, no permission beyond writing the clipboard. */
function guard(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  const mayWriteClipboard = (permission: string) => permission === 'clipboard-sanitized-write'
  contents.session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayWriteClipboard(permission)))
  contents.session.setPermissionCheckHandler((_contents, permission) => mayWriteClipboard(permission))
}
