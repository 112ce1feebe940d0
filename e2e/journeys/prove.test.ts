import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const without = 'm1/dot_product_bn64_tg128'
const fused = 'm1/dot_product_bias_bn64_tg128'
const manifest = 'manifests/variants_enhanced.json'

/** What the manifest file says about bias of a variant. */
function biasOf(id: string): boolean {
  const [backend = '', name] = id.split('/')
  const variants = JSON.parse(j.workspace.read(manifest))[backend] as { name: string; supports: { bias: boolean } }[]
  return variants.find((variant) => variant.name === name)?.supports.bias ?? false
}

it('refuses a flag that the kernel does not deserve, and says why', async () => {
  const { lab } = j
  const before = j.workspace.read(manifest)
  await lab.openPanel('Manifest')
  await lab.flag('bias', without).click()
  const detail = lab.flagDetail('bias', without)
  await detail.getByRole('alert').waitFor()
  expect(await detail.getByRole('alert').textContent()).toContain('bias')
  expect(await lab.flag('bias', without).getAttribute('aria-checked')).toBe('false')
  expect(j.workspace.read(manifest)).toBe(before)
})

it('proves a flag, keeps the evidence, and doubts it once the kernel is edited', async () => {
  const { lab } = j
  await lab.openPanel('Manifest')
  await lab.flag('bias', fused).click()
  await lab.workbench.getByRole('checkbox', { name: `bias of ${fused}: proven` }).waitFor({ timeout: 180_000 })
  expect(biasOf(fused)).toBe(true)
  expect(biasOf(without)).toBe(false)
  // The gates were tested themselves: every fault put into the kernel was noticed, and leads to its line.
  const kills = lab
    .flagDetail('bias', fused)
    .getByRole('table', { name: 'Kill list' })
    .locator('tbody')
    .getByRole('row')
  expect(await kills.filter({ hasText: /exact|bound/ }).count()).toBeGreaterThan(3)
  expect(await kills.filter({ hasText: 'no gate' }).count()).toBe(0)
  await kills.first().getByRole('button').click()
  await lab.page.getByRole('tab', { name: 'm1_dot_product.metal', selected: true }).waitFor()
  const [backend = '', name = ''] = fused.split('/')
  const places = ['', 'manifests'].map((folder) => join(j.workspace.root, folder, 'evidence', backend, `${name}.json`))
  expect(places.some((path) => existsSync(path))).toBe(true)

  await lab.openFile('m1_dot_product.metal')
  const line =
    j.workspace
      .read('kernels/m1_dot_product.metal')
      .split('\n')
      .findIndex((text) => text.includes('value += float(bias')) + 1
  await lab.insertAtLine(line, '      value += 0.0f;\n')
  await lab.save()
  await lab.workbench.getByRole('checkbox', { name: `bias of ${fused}: claimed` }).waitFor()
  expect(await lab.flag('bias', fused).getAttribute('aria-checked')).toBe('mixed')
  // A doubted flag stays on: only evidence is lost, not the author's word.
  expect(biasOf(fused)).toBe(true)
})
