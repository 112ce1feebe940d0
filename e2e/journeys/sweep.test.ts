import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const variants = ['dot_product_bn64_tg128', 'dot_product_bias_bn64_tg128']

it('sweeps variants over shapes, shows each pair and what stands behind it, and knows them the next time', async () => {
  const { lab } = j
  await lab.openPanel('Sweep')
  const panel = lab.workbench
  await panel
    .getByRole('textbox', { name: 'Only pairs that meet' })
    .fill('m1/dot_product_*bn64_tg128 m=1,n<2000,k<1000,batch=1')
  await panel.getByRole('grid', { name: 'Variants and shapes' }).waitFor()
  await expect.poll(() => panel.getByRole('rowheader').count()).toBe(1 + variants.length)

  const start = panel.getByRole('button', { name: /^Sweep \d+ pairs?$/ })
  const pairs = Number(((await start.textContent()) ?? '').match(/\d+/)?.[0])
  expect(pairs).toBeGreaterThan(1)
  await start.click()
  await panel.getByText(/finished/).waitFor()
  const ran = panel.getByRole('gridcell', { name: /of the baseline .*, (FAST|SLOW|SAME|AMBIGUOUS)(: .+)?$/ })
  expect(await ran.count()).toBe(pairs)
  const gap = panel.getByRole('gridcell', { name: /: gap: / })
  expect(await gap.count()).toBeGreaterThan(0)
  expect(await panel.getByRole('gridcell', { name: /measured (just now|.* ago)/ }).count()).toBe(0)

  await ran.first().click()
  await panel.getByRole('region', { name: 'Chosen result' }).getByText('OpenBLAS').first().waitFor()
  await lab.page.keyboard.press('ArrowRight')

  const { rows } = JSON.parse(await lab.savedBy(panel.getByRole('button', { name: 'JSON' }))) as {
    rows: { outcome: string; error: { bound: number | null } }[]
  }
  expect(rows.filter(({ outcome, error }) => outcome === 'ok' && error.bound !== null)).toHaveLength(pairs)

  // Asked for again, the same pairs are known: shown with their age, and not as new.
  await panel.getByRole('textbox', { name: 'Only pairs that meet' }).press('Space')
  await panel.getByText('Nothing left').waitFor()
  expect(await panel.getByRole('gridcell', { name: /measured (just now|.* ago)/ }).count()).toBe(pairs)
})
