import { existsSync } from 'node:fs'

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The path of a Chromium, CHROMIUM_PATH first. Throws with what to do when there is none. */
export function findChromium(): string {
  const path = process.env.CHROMIUM_PATH ?? candidates.find((candidate) => existsSync(candidate))
  if (path === undefined) throw new Error('Chromium is not installed: install it, or name it in CHROMIUM_PATH.')
  return path
}

/** Switches without which Chromium asks the network for updates and experiments, which a test has no use for. */
export const quietSwitches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
