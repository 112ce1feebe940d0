import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { neighboursBetween, readOccupancy } from './neighbours.ts'

it('are what was busy beside this process', () => {
  const before = { busy: 10, stolen: 1, own: 5, at: 100 }
  expect(neighboursBetween(before, { busy: 13, stolen: 1.2, own: 6, at: 102 })).toEqual({ processors: 1, stolen: 0.1 })
  // The counters are not read in one moment.
  expect(neighboursBetween(before, { busy: 12, stolen: 1, own: 7.01, at: 102 })).toEqual({ processors: 0, stolen: 0 })
  expect(neighboursBetween(null, before)).toBeUndefined()
})

it('are not known where the system does not tell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'klab-stat-'))
  try {
    const path = join(folder, 'stat')
    writeFileSync(path, 'cpu  100 20 30 4000 5 6 7 8 0 0\ncpu0 1 2 3\n')
    expect(readOccupancy(path)).toMatchObject({ busy: 1.63, stolen: 0.08 })
    writeFileSync(path, 'something else\n')
    expect(readOccupancy(path)).toBeNull()
    expect(readOccupancy(join(folder, 'none'))).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
