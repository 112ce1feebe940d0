import { existsSync } from 'node:fs'
import { fingerprint, isStamped, writeStamp } from './fingerprint.ts'
import { at } from './paths.ts'
import { lastLines, run } from './processes.ts'
import { complain, say } from './say.ts'

const sources = ['renderer', 'contract', 'electron', 'electron.vite.config.ts', 'package-lock.json']

/** Builds out/ (page, Electron main and preload) when their sources changed since. False when it failed. */
export async function buildPage(): Promise<boolean> {
  const print = fingerprint(sources)
  const stamp = at('out', '.built')
  if (isStamped(stamp, print) && existsSync(at('out', 'renderer', 'index.html'))) return true
  say('Building the page …')
  const { code, output } = await run('electron-vite', ['build'], { isCaptured: true })
  if (code !== 0) {
    complain(`electron-vite build failed:\n${lastLines(output, 40)}`)
    return false
  }
  writeStamp(stamp, print)
  return true
}
