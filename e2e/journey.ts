import { afterEach, beforeEach } from 'vitest'
import { LabPage } from './lab-page.ts'
import { type OpenLab, openLab } from './open-lab.ts'
import { copyWorkspace, type TestWorkspace } from './workspace.ts'

/** How long to wait for anything on the page, ms: a first compile on a busy machine takes its time. */
const waitMs = 90_000

/** What a journey works with: its own workspace, and a lab opened over it before each test. */
export interface Journey {
  workspace: TestWorkspace
  lab: LabPage
  /** Ends the shell and starts it again over the same workspace. */
  restart(): Promise<void>
}

/** Sets a journey up around each test of a file. Page errors that nobody caught fail the test. */
export function journey(): Journey {
  let open: OpenLab | null = null
  let errors: string[] = []
  let isNamed = false
  const start = async () => {
    open = await openLab(self.workspace.root)
    if (!isNamed) process.stdout.write(`in the ${open.shell}\n`)
    isNamed = true
    open.page.setDefaultTimeout(waitMs)
    open.page.on('pageerror', (error) => errors.push(error.message))
    self.lab = new LabPage(open.page)
    await self.lab.ready()
  }
  const stop = async () => {
    await open?.close()
    open = null
  }
  const self = {
    restart: async () => {
      await stop()
      await start()
    },
  } as Journey

  beforeEach(async () => {
    errors = []
    self.workspace = copyWorkspace()
    await start()
  })
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail' && open !== null) {
      const folder = process.env.KLAB_SCREENSHOTS ?? 'build/test-reports'
      await open.page.screenshot({ path: `${folder}/${context.task.name.replaceAll(/\W+/g, '-')}.png` }).catch(() => {})
    }
    await stop()
    self.workspace.remove()
    if (errors.length > 0) throw new Error(`The page threw: ${errors.join('; ')}`)
  })
  return self
}
