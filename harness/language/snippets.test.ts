import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { CheckQueue } from '../compile/check-queue.ts'
import { kernelSnippets, snippetText } from './snippets.ts'

const library = testLibrary()

describe.skipIf(whyNoDevice(library, 'cpu') !== null)('kernel skeletons', () => {
  let device: DeviceHandle
  beforeAll(() => {
    device = testDevice(library, 'cpu')
  })
  afterAll(() => device.close())

  it.each(kernelSnippets.map(({ label, body }) => [label, body]))('%s compiles without a word', async (label, body) => {
    const report = must(
      await new CheckQueue(device).check(label, { source: snippetText(body), path: `/lab/${label}.metal` }),
    )
    expect(report).toMatchObject({ ok: true, diagnostics: [] })
    expect(report.entries).toHaveLength(1)
  })
})
