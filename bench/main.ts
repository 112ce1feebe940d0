// npm run bench [-- NAME …]: runs the named measurements, or all, one after the other in processes of their own.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const all = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'main.ts')))
  .map((entry) => entry.name)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such measurement: ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n${name}`)
  const { status } = spawnSync(process.execPath, [join(here, name, 'main.ts')], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
