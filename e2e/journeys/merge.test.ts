import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const file = 'kernels/sgemm_naive.metal'

it('merges what was typed with what changed on disk meanwhile, one decision a conflict', async () => {
  const { lab } = j
  await lab.openFile('sgemm_naive.metal')
  await lab.insertAtLine(1, '// mine, first\n')
  await lab.page.keyboard.press('ControlOrMeta+End')
  await lab.page.keyboard.insertText('// mine, last\n')
  await lab.unsavedMark.waitFor()
  const before = j.workspace.read(file)
  j.workspace.write(file, `// theirs, first\n${before.replace('kernel void', '// theirs, middle\nkernel void')}`)

  await lab.page.getByRole('button', { name: 'Merge…' }).click()
  const merge = lab.page.getByRole('region', { name: 'Merge of sgemm_naive.metal' })
  await merge.getByText('1 conflict to decide').waitFor()
  const save = merge.getByRole('button', { name: 'Save the result' })
  expect(await save.isDisabled()).toBe(true)
  await merge.getByRole('radio', { name: /^Both/ }).check()
  await save.click()
  await merge.waitFor({ state: 'detached' })

  const after = before.replace('kernel void', '// theirs, middle\nkernel void')
  expect(j.workspace.read(file)).toBe(`// theirs, first\n// mine, first\n${after}// mine, last\n`)
  await lab.page.getByRole('button', { name: 'Close sgemm_naive.metal', exact: true }).waitFor()
})
