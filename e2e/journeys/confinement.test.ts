import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const shell = process.env.KLAB_SHELL ?? 'browser'

it('gives the page the lab and nothing else', async () => {
  const { page } = j.lab
  // From a timer: the policy does not bind code that the driver itself evaluates.
  const seen = await page.evaluate(
    () =>
      new Promise<object>((resolve) =>
        setTimeout(() => {
          let canEval = true
          try {
            new Function('return 1')()
          } catch {
            canEval = false
          }
          const given = (globalThis as { lab?: { shell: string } }).lab?.shell ?? 'browser'
          const hasNode = 'require' in globalThis || 'process' in globalThis || 'Buffer' in globalThis
          resolve({ shell: given, hasNode, canEval })
        }),
      ),
  )
  expect(seen).toEqual({ shell, hasNode: false, canEval: false })
})

if (shell === 'electron') {
  it('keeps the window on the page and alone', async () => {
    const { page } = j.lab
    const before = page.url()
    await page.evaluate(() => {
      window.open('http://127.0.0.1:9/')
      location.href = 'http://127.0.0.1:9/'
    })
    // Whatever was going to happen has happened once the page answers a request again.
    await j.lab.openFile('sgemm_naive.metal')
    expect(page.url()).toBe(before)
    expect(
      page
        .context()
        .pages()
        .filter((other) => !other.isClosed()),
    ).toHaveLength(1)
  })
} else {
  it('serves a page without the token of its link, but not the lab', async () => {
    const { page } = j.lab
    const stranger = await page.context().browser()?.newContext()
    const other = await (stranger ?? page.context()).newPage()
    await page.context().clearCookies()
    await other.goto(new URL(page.url()).origin)
    const code = await other.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/ws`)
          socket.onopen = () => resolve('open')
          socket.onerror = () => resolve('refused')
        }),
    )
    expect(code).toBe('refused')
    await other.close()
  })
}
