// From starting the lab's processes to an editor that takes keys, and the memory each of them holds then: the browser
// shell in headless Chromium, in a fresh profile. Run: npm run build && npm run bench -- cold-start
import { openBrowserShell } from '../../e2e/browser-shell.ts'
import { LabPage } from '../../e2e/lab-page.ts'
import { quantile } from '../statistics.ts'
import { processTree } from './process-tree.ts'

const rounds = 5
const root = new URL('../..', import.meta.url).pathname
const times: number[] = []
for (let round = 0; round < rounds; round++) {
  const start = performance.now()
  const lab = await openBrowserShell(root)
  const page = new LabPage(lab.page)
  await page.ready()
  await page.openFile('m1_dot_product.metal')
  times.push(performance.now() - start)
  if (round === rounds - 1) {
    const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0).padStart(6)
    console.log('memory (proportional set size), MiB:')
    for (const { command, bytes } of processTree(process.pid)) console.log(`${mebibytes(bytes)}  ${command}`)
  }
  await lab.close()
}
const list = times.map((ms) => ms.toFixed(0)).join(', ')
console.log(`start → usable editor: p50 ${quantile(times, 0.5).toFixed(0)} ms of ${list} ms`)
