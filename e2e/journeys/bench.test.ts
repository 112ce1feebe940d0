import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const variant = 'm1/dot_product_bn64_tg128'
const shape = { m: 1, n: 896, k: 896, tB: true }

it('benches a kernel beside the baseline, and shows its error beside theirs', async () => {
  const { lab } = j
  await lab.openFile('m1_dot_product.metal')
  await lab.openPanel('Bench')
  await lab.chooseKernel(variant)
  await lab.setShape(shape)

  const row = await lab.bench()
  const text = (await row.textContent()) ?? ''
  expect(text).toContain(variant)
  expect(text).toMatch(/FAST|SLOW|SAME|AMBIGUOUS/)
  // A cpu device has no GPU, so no time of it may be called one.
  expect(text).toContain('CPU')
  expect(text).not.toContain('GPU')
  const ratio = (await row.getByRole('cell').nth(1).locator('strong').textContent()) ?? ''
  expect(Number.parseFloat(ratio)).toBeGreaterThan(0)
  expect(await lab.detail.textContent()).toContain('OpenBLAS')

  await lab.openPanel('Precision')
  await lab.workbench.getByRole('button', { name: 'Measure error' }).click()
  const errors = lab.workbench.getByRole('table', { name: 'Errors against float64' })
  await errors.waitFor()
  const columns = await errors.getByRole('row').first().textContent()
  expect(columns).toMatch(/Kernel.*OpenBLAS.*float64/)
  const relative = errors.getByRole('row', { name: /Max relative error/ }).getByRole('cell')
  expect(Number.parseFloat((await relative.first().textContent()) ?? '')).toBeGreaterThan(0)
  expect(await errors.getByRole('row', { name: /Result/ }).textContent()).toContain('within the bound')
})

it('gives a wrong kernel no time', async () => {
  const { lab } = j
  await lab.openFile('m1_wrong.metal')
  await lab.openPanel('Bench')
  await lab.chooseKernel('m1_wrong_last_k')
  await lab.setShape(shape)
  const row = await lab.bench()
  expect(await row.textContent()).toContain('wrong')
  expect(await row.locator('strong').count()).toBe(0)
})
