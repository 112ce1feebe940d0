import { describe, expect, it } from 'vitest'
import type { Mutant } from '#contract/mutant.ts'
import type { TreeNode } from '#contract/workspace.ts'
import { mutantDocument, mutantOrder, mutantsText } from './mutant-text.ts'

const mutant = (patch: Partial<Mutant>): Mutant => ({
  id: 'drop@1:1',
  operator: 'drop',
  line: 1,
  change: 'a → b',
  outcome: 'rejected',
  ...patch,
})

describe('mutants', () => {
  it('stand by line, what no gate noticed before all', () => {
    const list = [
      mutant({ line: 30 }),
      mutant({ line: 1, outcome: 'equivalent' }),
      mutant({ line: 9 }),
      mutant({ line: 40, outcome: 'survived' }),
      mutant({ line: 2, file: 'loader.h' }),
      mutant({ line: 50, outcome: 'untested' }),
    ]
    expect([...list].sort(mutantOrder).map(({ line }) => line)).toEqual([40, 50, 9, 30, 2, 1])
    expect(mutantsText(list)).toBe('6 faults: 1 unnoticed, 1 untested, 3 noticed, 1 equivalent')
    expect(mutantsText([mutant({})])).toBe('1 fault: 1 noticed')
  })

  it('lead to the kernel, or to the file that it includes', () => {
    const node = (id: string, path: string): TreeNode => ({ id, parentId: null, name: '', path, kind: 'metal' })
    const nodes = [node('k', 'kernels/m1.metal'), node('h', 'kernels/m1/dot.h'), node('c', 'common.h')]
    const of = (file?: string) => mutantDocument({ file }, { documentId: 'k' }, nodes)
    expect([of(), of('m1/dot.h'), of('../common.h'), of('gone.h')]).toEqual(['k', 'h', 'c', undefined])
  })
})
