import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const file = 'm1_dot_product.metal'

it('shows an error at its line while it is typed, and nothing once it is mended', async () => {
  const { lab } = j
  await lab.openFile(file)
  await lab.page.getByText('Compiles').waitFor()
  const line =
    j.workspace
      .read(`kernels/${file}`)
      .split('\n')
      .findIndex((text) => text.startsWith('kernel void')) + 1

  await lab.insertAtLine(line, 'constant float broken = undeclared_name;\n')
  const problem = lab.problem('undeclared_name')
  await problem.waitFor()
  expect(await problem.textContent()).toContain(`${file} ${line}:`)
  await lab.editor.locator('.squiggly-error').first().waitFor()
  await lab.unsavedMark.waitFor()

  await lab.undoAll()
  await problem.waitFor({ state: 'detached' })
  await lab.page.getByText('Compiles').waitFor()
  expect(await lab.editor.locator('.squiggly-error').count()).toBe(0)
})

it('saves what was typed, and nothing before that', async () => {
  const { lab } = j
  await lab.openFile(file)
  await lab.insertAtLine(1, '// typed in a journey\n')
  await lab.unsavedMark.waitFor()
  expect(j.workspace.read(`kernels/${file}`)).not.toContain('typed in a journey')
  await lab.save()
  await lab.page.getByRole('button', { name: `Close ${file}`, exact: true }).waitFor()
  expect(j.workspace.read(`kernels/${file}`).startsWith('// typed in a journey\n')).toBe(true)
})

it('keeps line numbers beside their lines when an undo scrolls', async () => {
  const { lab } = j
  await lab.page.setViewportSize({ width: 1280, height: 800 })
  await lab.openFile(file)
  await lab.insertAtLine(38, 'constant float broken = undeclared_name;\n')
  await expect.poll(() => lab.lineNumberOffset(), { timeout: 10_000 }).toBe(0)
  await lab.undoAll()
  await expect.poll(() => lab.lineNumberOffset(), { timeout: 10_000 }).toBe(0)
})
