import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import type { OpenLab } from './open-lab.ts'

const repository = join(import.meta.dirname, '..')
const standin = join(import.meta.dirname, 'electron-standin')

/** Whether Electron's own binary lies in node_modules. */
function hasElectron(): boolean {
  const folder = join(repository, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  return existsSync(pathFile) && existsSync(join(folder, 'dist', readFileSync(pathFile, 'utf8')))
}

/** Starts the Electron shell with a profile of its own. */
export async function openElectronShell(workspaceRoot: string): Promise<OpenLab> {
  const isReal = hasElectron()
  // The driver asks the electron package for the binary, and this is how that package is told of another.
  if (!isReal) process.env.ELECTRON_OVERRIDE_DIST_PATH = standin
  const profile = mkdtempSync(join(tmpdir(), 'klab-profile-'))
  const app = await _electron.launch({
    args: [repository, `--workspace=${workspaceRoot}`, `--user-data-dir=${profile}`],
    cwd: repository,
  })
  app.process().stderr?.on('data', (chunk) => process.stderr.write(relevant(String(chunk))))
  const page = await app.firstWindow()
  await page.waitForURL(/index\.html/)
  return {
    page,
    shell: isReal ? 'Electron shell, its own binary' : 'Electron shell on the stand-in for its binary',
    close: async () => {
      await app.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Chromium's own complaints about buses and GPUs are no news of the lab. */
function relevant(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !/^\[\d+:\d+:|DevTools listening|Debugger/.test(line))
  return lines.map((line) => `${line}\n`).join('')
}
