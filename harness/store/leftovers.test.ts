import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeLeftovers } from './leftovers.ts'

it('removes what dead writers left, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'klab-leftovers-'))
  const { pid: dead } = spawnSync(process.execPath, ['-e', ''])
  const gone = [`.a.metal.${dead}.x1y2z3.tmp`]
  const kept = [
    'a.metal',
    `.b.metal.${process.pid}.x1y2z3.tmp`,
    `a.${dead}.x1.tmp`,
    '.notes.tmp',
    `.a.metal.${dead}.tmp`,
  ]
  for (const name of [...gone, ...kept]) writeFileSync(join(folder, name), '')
  removeLeftovers(folder)
  expect(readdirSync(folder).sort()).toEqual([...kept].sort())
  rmSync(folder, { recursive: true })
  expect(() => removeLeftovers(folder)).not.toThrow()
})
