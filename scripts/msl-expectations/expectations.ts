import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Launch, readLaunch } from './launch.ts'
import { expectedText, type Output } from './output.ts'

type Reference = (launch: Launch) => Output[]

interface Expectation {
  /** of the .expected file */
  path: string
  text: string
}

const triples = join(import.meta.dirname, '../../native/tests/conformance-msl/triples')

/** What every reference program computes from the launch of its triple. */
export async function allExpectations(): Promise<Expectation[]> {
  const all: Expectation[] = []
  for (const file of readdirSync(join(import.meta.dirname, 'references')).sort()) {
    const { references }: { references: Record<string, Reference> } = await import(`./references/${file}`)
    for (const [name, reference] of Object.entries(references)) {
      const base = join(triples, name)
      const text = expectedText(
        reference(readLaunch(`${base}.launch.json`)),
        `scripts/msl-expectations/references/${file}`,
      )
      all.push({ path: `${base}.expected`, text })
    }
  }
  return all
}
