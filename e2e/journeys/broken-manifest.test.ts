import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const manifest = 'manifests/variants_enhanced.json'

it('says where a manifest is broken, keeps its last good state, and recovers', async () => {
  const { lab } = j
  await lab.openPanel('Manifest')
  const flag = lab.flag('bias', 'm1/dot_product_bn64_tg128')
  await flag.waitFor()
  const good = j.workspace.read(manifest)
  const lines = good.split('\n')
  const line = lines.findIndex((text) => text.includes('"functionName"')) + 1
  lines[line - 1] += ','
  j.workspace.write(manifest, lines.join('\n'))

  const banner = lab.workbench.getByRole('alert').filter({ hasText: 'last good state' })
  await banner.waitFor()
  // The comma stands at the end of its line; the brace that may not follow it is on the next.
  await banner.getByRole('button', { name: new RegExp(`^Go to line (${line}|${line + 1})$`) }).waitFor()
  expect(await flag.isVisible()).toBe(true)

  j.workspace.write(manifest, good)
  await banner.waitFor({ state: 'detached' })
})
