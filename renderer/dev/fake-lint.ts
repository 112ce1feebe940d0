import type { Problem } from '#contract/manifest.ts'

/** What the scripted linter says about the scripted manifest. */
export const fakeLint: Problem[] = [
  {
    rule: 'manifest.unknown-key',
    severity: 'warning',
    variant: 'm1_optimized/dot_bn64_tg64',
    path: 'm1_optimized[2].supports.largeK',
    message: 'largeK is not a key of this format and does nothing.',
    documentId: 'manifest',
    line: 55,
    column: 9,
  },
  {
    rule: 'manifest.name-token',
    severity: 'info',
    variant: 'm1_optimized/dot_bn64_tg64',
    path: 'm1_optimized[2].name',
    message: 'The name says bn64, the function has no such token.',
    documentId: 'manifest',
    line: 44,
    column: 7,
  },
]
