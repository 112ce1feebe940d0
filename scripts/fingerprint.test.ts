import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint, isStamped, writeStamp } from './fingerprint.ts'
import { at } from './paths.ts'

// Fingerprints are of paths in the repository, so the test needs a folder there that git ignores.
const folder = `build/fingerprint-test-${process.pid}`

describe('fingerprint', () => {
  beforeEach(() => {
    mkdirSync(at(folder, 'deep'), { recursive: true })
    writeFileSync(at(folder, 'a.txt'), 'one')
    writeFileSync(at(folder, 'deep', 'b.txt'), 'two')
  })
  afterEach(() => rmSync(at(folder), { recursive: true, force: true }))

  it('is the same for the same contents, whenever they were written', () => {
    const before = fingerprint([folder])
    writeFileSync(at(folder, 'a.txt'), 'one')
    expect(fingerprint([folder])).toBe(before)
  })

  it('changes with a content, a name, a new file and a moved boundary', () => {
    const seen = new Set([fingerprint([folder])])
    const change = (act: () => void) => {
      act()
      seen.add(fingerprint([folder]))
    }
    change(() => writeFileSync(at(folder, 'deep', 'b.txt'), 'twO'))
    change(() => writeFileSync(at(folder, 'c.txt'), ''))
    rmSync(at(folder, 'c.txt'))
    change(() => writeFileSync(at(folder, 'a.txt'), 'on'))
    change(() => writeFileSync(at(folder, 'deep', 'b.txt'), 'etwO'))
    expect(seen.size).toBe(5)
  })

  it('takes no notice of what a build leaves behind', () => {
    const before = fingerprint([folder])
    mkdirSync(at(folder, 'node_modules'))
    writeFileSync(at(folder, 'node_modules', 'x.js'), '1')
    expect(fingerprint([folder])).toBe(before)
  })

  it('is stamped only by the build that it stands for', () => {
    const stamp = at(folder, '.stamp')
    expect(isStamped(stamp, 'print')).toBe(false)
    writeStamp(stamp, 'print')
    expect(isStamped(stamp, 'print')).toBe(true)
    expect(isStamped(stamp, 'other')).toBe(false)
  })
})
