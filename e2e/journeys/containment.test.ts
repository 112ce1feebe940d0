import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const file = 'm1_wrong.metal'
const shape = { m: 1, n: 896, k: 896, tB: true }
const typed = '// typed before the kernel ran\n'

/** Benches an entry with unsaved text in the editor; returns the row's text once it is there. */
async function benchEntry(entry: string): Promise<string> {
  const { lab } = j
  await lab.openFile(file)
  await lab.insertAtLine(1, typed)
  await lab.openPanel('Bench')
  await lab.chooseKernel(entry)
  await lab.setShape(shape)
  const row = await lab.bench()
  return (await row.textContent()) ?? ''
}

/** The host is back, the unsaved text is where it was, and a good kernel runs. */
async function expectRecovered(): Promise<void> {
  const { lab } = j
  await lab.page.getByText('Host ready').waitFor()
  expect(await lab.lineText()).toBe(typed.trimEnd())
  expect(j.workspace.read(`kernels/testing/${file}`)).not.toContain('typed before')
  await lab.chooseKernel('m1/dot_product_bn64_tg128')
  expect(await (await lab.bench()).textContent()).toMatch(/FAST|SLOW|SAME|AMBIGUOUS/)
}

it('turns a kernel that never ends into a timeout row, and goes on', async () => {
  expect(await benchEntry('m1_wrong_endless')).toContain('timeout')
  await expectRecovered()
})

it('turns a crash into a row that names the line, and goes on', async () => {
  const source = j.workspace.read(`kernels/testing/${file}`)
  const line = source.split('\n').findIndex((text) => text.includes('(1ul << 28)')) + 1
  expect(await benchEntry('m1_wrong_far_write')).toContain('device lost')
  // The text that ran had one more line on top.
  await j.lab.detail.getByRole('button', { name: `${file}:${line + 1}` }).waitFor()
  const banner = j.lab.page.getByRole('alert', { name: 'Kernel host ended' })
  expect(await banner.textContent()).toContain('kernel m1_wrong_far_write crashed')
  await banner.getByRole('button', { name: `${file}:${line + 1}` }).click()
  await j.lab.page.getByText(`Ln ${line + 1}, Col`).waitFor()
  await banner.getByRole('button', { name: 'Dismiss' }).click()
  await banner.waitFor({ state: 'detached' })
  await j.lab.focusEditor()
  await j.lab.page.keyboard.press('ControlOrMeta+Home')
  await expectRecovered()
})
