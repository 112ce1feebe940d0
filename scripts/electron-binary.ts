import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { at } from './paths.ts'
import { run } from './processes.ts'
import { complain, say } from './say.ts'

const reachMs = 5000
const releases = 'https://github.com/electron/electron/releases'

/** Whether a window could be shown here. */
export function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** The path of Electron's binary when it is on this machine, else null. */
export function findElectron(): string | null {
  const folder = at('node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : null
}

/** Electron's binary, fetched when it is missing; null, after one line, when it cannot be had. */
export async function obtainElectron(): Promise<string | null> {
  const present = findElectron()
  if (present !== null) return present
  // A network that swallows packets would hold the download for minutes, so the door is tried first.
  const isReachable = await fetch(releases, { method: 'HEAD', signal: AbortSignal.timeout(reachMs) }).then(
    (answer) => answer.ok,
    () => false,
  )
  if (isReachable) {
    say('Fetching Electron, once …')
    await run(process.execPath, [at('node_modules', 'electron', 'install.js')], { isCaptured: true })
  }
  const path = findElectron()
  if (path === null) complain("Electron's binary cannot be had here (github.com): opening the browser shell instead.")
  return path
}
