// node main.ts [--check]: writes the .expected file of every triple that has a reference program here, or, with
// --check, says which committed file does not hold what its reference computes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLaunch, type Launch } from './launch.ts'
import { expectedText, type Output } from './output.ts'

type Reference = (launch: Launch) => Output[]

const triples = join(import.meta.dirname, '..', 'triples')
const isCheck = process.argv.includes('--check')
const problems: string[] = []
let count = 0

for (const file of readdirSync(join(import.meta.dirname, 'references')).sort()) {
  const { references }: { references: Record<string, Reference> } = await import(`./references/${file}`)
  for (const [name, reference] of Object.entries(references)) {
    const base = join(triples, name)
    const text = expectedText(reference(readLaunch(`${base}.launch.json`)), `derive/references/${file}`)
    const path = `${base}.expected`
    count++
    if (!isCheck) writeFileSync(path, text)
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) problems.push(path)
  }
}

for (const path of problems) console.error(`${path} is not what its reference computes; run node ${import.meta.filename}`)
console.log(`${count} expectations, ${problems.length} out of date`)
process.exit(problems.length > 0 ? 1 : 0)
