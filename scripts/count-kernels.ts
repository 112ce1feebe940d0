// Writes the figures that the analyser counts into the tables of counted figures in kernels' headers.
// Run: node scripts/count-kernels.ts [kernels/FILE.metal …]; without a file, all kernels that have such a table.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { countKernel } from '#harness/analyse/count-kernel.ts'
import { countsIn, formatCountTable, parseCountTables } from '#harness/analyse/kernel-counts.ts'
import { must, testDevice, testLibrary } from '#harness/bridge/device-fixture.ts'
import { Workspace } from '#harness/catalog/workspace.ts'
import { at, root } from './paths.ts'

const lib = testLibrary()
const device = testDevice(lib, 'cpu')
const workspace = must(Workspace.open(root))
const context = { lib, device, workspace, labVersion: 'counting', gitCommit: 'unknown', os: 'any' }
const hooks = { signal: new AbortController().signal, progress: () => {} }

const all = readdirSync(at('kernels')).filter((name) => name.endsWith('.metal'))
const asked = process.argv.slice(2)
for (const file of asked.length > 0 ? asked : all.map((name) => `kernels/${name}`)) {
  const before = readFileSync(at(file), 'utf8')
  const lines = before.split('\n')
  // From the last to the first: a table may change its number of lines.
  for (const table of must(parseCountTables(before)).reverse()) {
    for (const row of table.rows) {
      const total = must(await countKernel(context, { file, subject: row.subject, shape: table.shape }, hooks))
      row.counts = countsIn(table.columns, total)
    }
    const head = lines[table.begin - 1]!.split('|')[1]!.trim()
    lines.splice(table.begin - 1, table.end - table.begin + 1, ...formatCountTable(table, head))
  }
  const after = lines.join('\n')
  if (after !== before) writeFileSync(at(file), after)
  console.log(`${file}: ${after === before ? 'as it was' : 'rewritten'}`)
}
device.close()
