import { expect, it } from 'vitest'
import type { Row } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { openFixture } from '../catalog/workspace-fixture.ts'
import { readCouldBe } from '../store/could-be.ts'
import { noteRow } from './note-row.ts'

it('counts a wrong row, and a crash in the kernel, against the flags that its shape needs', () => {
  const workspace = openFixture({ 'variants_enhanced.json': '{}' })
  const shape = shapeSchema.parse({ m: 1, n: 640, k: 64, bias: true })
  const identity = { sourceHash: 's', entryHash: 'e', compiler: 'c' }
  const note = (variant: string, more: object) =>
    noteRow(workspace, { variant, shape, claim: 'proven', identity, reason: 'off', ...more } as unknown as Row, 'cpu')
  note('m/wrong', { status: 'wrong' })
  note('m/crashed', { status: 'device-lost', location: { file: 'k.metal', line: 3 } })
  note('m/right', { status: 'ok' })
  note('m/killed', { status: 'device-lost' })
  note('m/unclaimed', { status: 'wrong', claim: 'none' })
  const known = readCouldBe(workspace.stateFolder)
  const found = (name: string, flag: string) => known({ variant: `m/${name}`, flag, device: 'cpu' })
  for (const flag of ['bias', 'smallMN']) {
    expect(found('wrong', flag)).toMatchObject({ ...identity, isTrue: false, isBench: true })
    expect(found('wrong', flag)?.reason).toMatch(/^m=1,n=640,.*: off$/)
    expect(found('crashed', flag)?.isTrue).toBe(false)
    for (const name of ['right', 'killed', 'unclaimed']) expect(found(name, flag)).toBeUndefined()
  }
  expect(found('wrong', 'batch')).toBeUndefined()
})
