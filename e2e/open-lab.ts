import type { Page } from 'playwright-core'
import { openBrowserShell } from './browser-shell.ts'
import { openElectronShell } from './electron-shell.ts'

/** A running shell with its page. */
export interface OpenLab {
  page: Page
  /** What shows the page, for the report. */
  shell: string
  /** Ends the shell as its user would. */
  close(): Promise<void>
}

/** Opens the shell that KLAB_SHELL names (browser, the default, or electron) over a workspace. */
export async function openLab(workspaceRoot: string): Promise<OpenLab> {
  const shell = process.env.KLAB_SHELL ?? 'browser'
  if (shell === 'browser') return openBrowserShell(workspaceRoot)
  if (shell === 'electron') return openElectronShell(workspaceRoot)
  throw new Error(`KLAB_SHELL is browser or electron, not ${shell}`)
}
