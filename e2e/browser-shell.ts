import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium, quietSwitches } from './find-chromium.ts'
import type { OpenLab } from './open-lab.ts'

const repository = join(import.meta.dirname, '..')
/** Starts the loopback server and opens its link in a fresh Chromium profile. */
export async function openBrowserShell(workspaceRoot: string): Promise<OpenLab> {
  const server = spawn(process.execPath, [join(repository, 'web', 'main.ts'), `--workspace=${workspaceRoot}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const link = await linkOf(server)
  const profile = mkdtempSync(join(tmpdir(), 'klab-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: false,
    args: quietSwitches,
    viewport: { width: 1440, height: 900 },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(link)
  return {
    page,
    shell: `browser shell in ${context.browser()?.version() ?? 'Chromium'}`,
    close: async () => {
      // As a person closes a tab: the page learns of it, and may still save.
      const closed = page.waitForEvent('close')
      await page.close({ runBeforeUnload: true })
      await closed
      await context.close()
      await endProcess(server)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Waits for the line of the server that holds the link. */
function linkOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stdout?.on('data', (chunk) => {
      said += chunk
      const link = said.match(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/)
      if (link) resolve(link[0])
    })
    server.once('exit', (code) => reject(new Error(`The server ended with code ${code} before it served: ${said}`)))
  })
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}
