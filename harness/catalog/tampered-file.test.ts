import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evidenceFileSchema, type packEvidence } from '#contract/evidence-file.ts'
import { manifestOf } from './resolve-target.ts'
import { evidenceOf, files, forge, proven, provenOf, recordsFor } from './tampering-fixture.ts'
import { expectValue, openFixture } from './workspace-fixture.ts'

type Packed = ReturnType<typeof packEvidence>
function withCpu(text: string, change: Partial<Packed['devices'][string]>): string {
  const file = JSON.parse(text) as Packed
  return JSON.stringify({ ...file, devices: { cpu: { ...file.devices.cpu, ...change } } })
}

function moved(text: string, from: string, to: string): Packed {
  const file = JSON.parse(text) as Packed
  return { ...file, devices: { [to]: file.devices[from]! } }
}

/** Of the same records, said of another kind of device. */
function digestElsewhere(text: string): string | undefined {
  const workspace = openFixture(files)
  const { devices } = evidenceFileSchema.parse(JSON.parse(text))
  const onMetal = Object.entries(devices.cpu!).map(([flag, record]) => [flag, { ...record, deviceKind: 'metal' }])
  forge(workspace, Object.fromEntries(onMetal))
  return (JSON.parse(readFileSync(evidenceOf(workspace), 'utf8')) as Packed).devices.metal?.digest
}

describe('an evidence file that was edited', () => {
  const places = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40)
  it.each(places)('proves nothing: a digit or letter at %f of it', (place) => {
    const workspace = proven()
    const path = evidenceOf(workspace)
    const text = readFileSync(path, 'utf8')
    const at = text.slice(Math.floor(place * text.length)).search(/[a-z0-9]/) + Math.floor(place * text.length)
    writeFileSync(path, text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1))
    expect(provenOf(workspace)).toEqual([])
  })

  const texts: Record<string, (text: string) => string> = {
    empty: () => '',
    'cut in the middle': (text) => text.slice(0, text.length / 2),
    'of the first format': (text) => {
      const { variant, devices } = evidenceFileSchema.parse(JSON.parse(text))
      return JSON.stringify({ format: 1, variant, flags: devices.cpu })
    },
    'of the second format': (text) => {
      const { variant, devices } = JSON.parse(text)
      return JSON.stringify({ format: 2, variant, ...devices.cpu })
    },
    'of a format to come': (text) => JSON.stringify({ ...JSON.parse(text), format: 4 }),
    'without its digest': (text) => withCpu(text, { digest: undefined }),
    'with a digest of nothing': (text) => withCpu(text, { digest: '' }),
    "with another device's digest": (text) => withCpu(text, { digest: digestElsewhere(text) }),
    'said of another kind of device': (text) => JSON.stringify(moved(text, 'cpu', 'metal')),
    'a list': (text) => `[${text}]`,
    null: () => 'null',
  }
  it.each(Object.keys(texts))('proves nothing: %s', (what) => {
    const workspace = proven()
    const path = evidenceOf(workspace)
    writeFileSync(path, texts[what]?.(readFileSync(path, 'utf8')) ?? '')
    expect(provenOf(workspace)).toEqual([])
  })

  it.each([
    ['another variant', { backend: 'm1_x', name: 'w' }],
    ['another backend, of the same name', { backend: 'm1_y', name: 'v' }],
  ])('proves nothing of %s', (_, other) => {
    const workspace = proven()
    cpSync(evidenceOf(workspace), evidenceOf(workspace, other), { recursive: true })
    const stolen = expectValue(manifestOf(workspace)).variants.find(({ id }) => id === `${other.backend}/${other.name}`)
    expect(stolen?.supports.bias).toBe(true)
    expect(provenOf(workspace).filter((flag) => !flag.startsWith('m1_x/v '))).toEqual([])
    forge(workspace, recordsFor(workspace, 'm1_x/v'), other)
    const own = provenOf(workspace).filter((flag) => flag.startsWith('m1_x/w '))
    expect(own).toEqual([])
  })
})
