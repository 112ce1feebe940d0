import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const file = 'sgemm_naive.metal'

it('brings unsaved text back after the shell was closed', async () => {
  const { lab } = j
  await lab.openFile(file)
  await lab.insertAtLine(1, '// kept without saving\n')
  await lab.unsavedMark.waitFor()

  await j.restart()
  await j.lab.openFile(file)
  await j.lab.unsavedMark.waitFor()
  expect(await j.lab.lineText()).toBe('// kept without saving')
  expect(j.workspace.read(`kernels/${file}`)).not.toContain('kept without saving')
})
