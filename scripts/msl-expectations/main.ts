// node scripts/msl-expectations/main.ts: writes the .expected file of every triple of native/tests/conformance-msl that
// has a reference program here. A reference sees the launch, never the kernel.
import { writeFileSync } from 'node:fs'
import { allExpectations } from './expectations.ts'

const expectations = await allExpectations()
for (const { path, text } of expectations) writeFileSync(path, text)
console.log(`${expectations.length} expectations written`)
