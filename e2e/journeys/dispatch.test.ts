import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()

it('shows how a kernel would be launched, its tails, and where it stands under the roof', async () => {
  const { lab } = j
  await lab.openFile('sgemm_shared_mem_block.metal')
  await lab.page.getByText('Compiles').waitFor()
  await lab.openPanel('Dispatch')
  await lab.chooseKernel('sgemm_shared_mem_block')
  await lab.setShape({ m: 70, n: 100, k: 40 })

  const report = lab.workbench.getByRole('region', { name: 'Dispatch report' })
  const tiles = report.getByRole('img', { name: /3 × 4 tiles of 32 × 32 outputs, 6 reach past C/ })
  await tiles.waitFor()
  const launch = (await report.getByRole('region', { name: 'Launch' }).textContent()) ?? ''
  expect(launch).toContain('8.00 KiB of 32.0 KiB')
  const box = await tiles.boundingBox()
  await tiles.hover({ position: { x: (box?.width ?? 0) - 3, y: (box?.height ?? 0) - 3 } })
  await report.getByText(/rows 64 to 69, columns 96 to 99 of C, 6 × 4 of its 32 × 32 outputs/).waitFor()

  await report.getByRole('button', { name: 'Measure the roof of cpu' }).click()
  const roof = report.getByRole('img', { name: /^Roofline: .*memory/ })
  await roof.waitFor()
  expect(await roof.getAttribute('aria-label')).not.toContain('Kernel at')
  expect(await report.getByRole('table', { name: 'Estimated occupancy' }).textContent()).toContain('NVIDIA H200')

  await lab.openPanel('Bench')
  await lab.bench()
  await lab.openPanel('Dispatch')
  await report.getByRole('img', { name: /^Roofline: .*Kernel at/ }).waitFor()
})
