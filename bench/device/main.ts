// How fast the cpu device runs kernels: every tier beside PoCL on the equivalent OpenCL kernel and beside OpenBLAS, on 1
// and 2 threads, sample by sample in turn. Prints Markdown.
// Run: npm run bench:device [-- TEXT …]: the cases whose names hold one of the texts.
import { cpus } from 'node:os'
import { openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { cases, nameOf } from './cases.ts'
import { must } from './contest.ts'
import { goals } from './goals.ts'
import { measure, type Times } from './measure.ts'
import { buildDriver, OpenCl } from './opencl/process.ts'
import { notes, table } from './report.ts'

const wanted = process.argv.slice(2)
const chosen = cases.filter((one) => wanted.length === 0 || wanted.some((text) => nameOf(one).includes(text)))
const driver = buildDriver()
const library = must(loadNativeLibrary())
const start = performance.now()
const all: Times[] = []
let pocl = 'missing' in driver ? driver.missing : ''
let used = ''
for (const threads of [1, 2]) {
  const device = must(openDevice(library, 'cpu', { threads: String(threads) }))
  const opencl = 'missing' in driver ? null : new OpenCl(driver.program, threads)
  if (opencl) pocl = await opencl.version()
  used = `${device.info.name}; ${device.info.driver}; ${device.info.baseline ?? 'no OpenBLAS'}`
  for (const one of chosen) {
    process.stderr.write(`${nameOf(one)}, ${threads} threads\n`)
    all.push(await measure({ device, opencl, threads }, one))
  }
  opencl?.close()
  device.close()
}
if (!('missing' in driver)) driver.remove()

const seconds = Math.round((performance.now() - start) / 1000)
console.log(
  `${new Date().toISOString().slice(0, 10)} · ${cpus().length} processors · ${used} · PoCL: ${pocl} · ${seconds} s\n`,
)
console.log(`${goals(all)}\n`)
console.log(`${table(all)}\n`)
for (const line of notes(all)) console.log(`- ${line}`)
