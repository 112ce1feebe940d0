// How fast the cpu device runs kernels: every tier beside PoCL on the equivalent OpenCL kernel and beside OpenBLAS, on 1
// and 2 threads, sample by sample in turn. Prints Markdown.
// Run: npm run bench:device [-- [--write FILE] [--seconds S] TEXT …]: the cases whose names hold one of the texts; S is the
// time for a case's rounds.
import { writeFileSync } from 'node:fs'
import { openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { readArguments } from './arguments.ts'
import { cases, nameOf } from './cases.ts'
import { must } from './contest.ts'
import { documentOf, loadNow } from './document.ts'
import { type Measured, measure } from './measure.ts'
import { buildDriver, OpenCl } from './opencl/process.ts'
import { stopRule } from './rounds.ts'

const numbersOfThreads = [1, 2]

const asked = readArguments(process.argv.slice(2), [...new Set(cases.map(nameOf))])
if ('text' in asked) {
  ;(asked.exitCode === 0 ? console.log : console.error)(asked.text)
  process.exit(asked.exitCode)
}
const rule = { ...stopRule, budgetMs: asked.budgetMs ?? stopRule.budgetMs }
const chosen = cases.filter((one) => asked.chosen.includes(nameOf(one)))

const start = new Date()
const loadAtStart = loadNow()
const library = must(loadNativeLibrary())
const driver = buildDriver()
const opencl = 'missing' in driver ? [] : numbersOfThreads.map((threads) => new OpenCl(driver, threads))
const versions = await Promise.all(opencl.map((process) => process.version()))
const devices = numbersOfThreads.map((threads) => ({
  device: must(openDevice(library, 'cpu', { threads: String(threads) })),
  threads,
}))
const all: Measured[] = []
for (const one of chosen) {
  process.stderr.write(`${nameOf(one)}\n`)
  all.push(await measure({ library, devices, opencl, rule }, one))
}

const { name, driver: compiler, baseline } = devices[0]!.device.info
const document = documentOf(all, {
  command: ['npm run bench:device', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  device: `${name}; ${compiler}; ${baseline ?? 'no OpenBLAS'}`,
  pocl: 'missing' in driver ? driver.missing : (versions[0] ?? ''),
  rule,
  start,
  loadAtStart,
})
if (asked.write) writeFileSync(asked.write, document)
console.log(document)

for (const { device } of devices) device.close()
for (const process of opencl) process.close()
if (!('missing' in driver)) driver.remove()
