import { type ChildProcess, spawn } from 'node:child_process'
import { findChromium, quietSwitches } from '../find-chromium.ts'

const flags = [
  ...quietSwitches,
  '--headless',
  '--no-sandbox',
  // Pages are files here, and their module scripts and workers are files beside them.
  '--allow-file-access-from-files',
  '--remote-debugging-port=0',
  '--no-startup-window',
]

export interface Chromium {
  process: ChildProcess
  devToolsUrl: string
}

/** Starts Chromium without a window. Its stderr is passed on: the DevTools line in it is what a driver waits for. */
export async function startChromium(userData: string, switches: string[]): Promise<Chromium> {
  const child = spawn(findChromium(), [...flags, ...switches, `--user-data-dir=${userData}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let seen = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk)
      seen += chunk
      const match = seen.match(/DevTools listening on (ws:\/\/\S+)/)
      if (match?.[1]) resolve({ process: child, devToolsUrl: match[1] })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Chromium ended with code ${code} before it listened.`)))
  })
}
