import { expect, it } from 'vitest'
import { journey } from '../journey.ts'

const j = journey()
const file = 'sgemm_shared_mem_block.metal'
const barrier = '    threadgroup_barrier(mem_flags::mem_threadgroup);\n'

/** The kernel without the barrier between staging a block and reading it. Returns the line where it was. */
function seedRace(): { line: number; write: number; read: number } {
  const text = j.workspace.read(`kernels/${file}`)
  const at = text.indexOf(barrier)
  j.workspace.write(`kernels/${file}`, text.slice(0, at) + text.slice(at + barrier.length))
  const lines = j.workspace.read(`kernels/${file}`).split('\n')
  const lineOf = (part: string) => lines.findIndex((one) => one.includes(part)) + 1
  return {
    line: text.slice(0, at).split('\n').length,
    write: lineOf('As[local.y][local.x] ='),
    read: lineOf('sum += As[local.y][k]'),
  }
}

it('finds a seeded race at its lines, forgets it with the first edit, and calls the mended kernel clean', async () => {
  const { lab } = j
  const { line, write, read } = seedRace()
  await lab.openFile(file)
  await lab.page.getByText('Compiles').waitFor()
  await lab.openPanel('Analysis')
  await lab.chooseKernel('sgemm_shared_mem_block')
  await lab.setShape({ m: 40, n: 40, k: 40 })

  const report = await lab.analyse()
  const finding = report.getByRole('listitem').filter({ hasText: 'race' }).first()
  const places = await finding.getByRole('button').allTextContents()
  expect(places.toSorted()).toEqual([`${file}:${write}`, `${file}:${read}`])
  await lab.problem(/of As/).first().waitFor()
  // Only lines in view are drawn: the finding leads to its own.
  await finding.getByRole('button').first().click()
  await lab.editor.locator('.squiggly-error').first().waitFor()
  expect(await lab.editor.locator('.analysis-cell').count()).toBeGreaterThan(0)

  await lab.insertAtLine(line, barrier)
  await report.getByText('The text was changed since.').waitFor()
  await lab.editor.locator('.analysis-stale').first().waitFor()
  expect(await lab.editor.locator('.squiggly-error').count()).toBe(0)

  await lab.analyse()
  await report.getByText('clean', { exact: true }).waitFor()
  expect(await report.getByText('The text was changed since.').count()).toBe(0)
  expect(await lab.problem(/race/).count()).toBe(0)
  expect(await lab.editor.locator('.analysis-stale').count()).toBe(0)
})

it('shows what each line moves, by the counter that is chosen', async () => {
  const { lab } = j
  await lab.openFile('sgemm_naive.metal')
  await lab.page.getByText('Compiles').waitFor()
  await lab.openPanel('Analysis')
  await lab.chooseKernel('sgemm_naive')
  await lab.setShape({ m: 32, n: 32, k: 32 })
  const report = await lab.analyse()
  await report.getByText('clean', { exact: true }).waitFor()
  expect(await report.getByRole('region', { name: 'Totals' }).textContent()).toContain('Device memory')

  const counter = report.getByRole('combobox', { name: 'Counter' })
  await counter.selectOption({ label: 'Executions' })
  await report.getByRole('table', { name: 'Lines by Executions' }).waitFor()
  await counter.selectOption({ label: 'Coalescing' })
  const rows = report.getByRole('table', { name: 'Lines by Coalescing' }).getByRole('row')
  expect(await rows.first().textContent()).toMatch(/\d %/)
  await rows.first().getByRole('button').click()
  // Only lines in view are drawn, after the editor has gone there.
  await lab.editor.locator('.analysis-cell').first().waitFor()
})
