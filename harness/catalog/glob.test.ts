import { describe, expect, it } from 'vitest'
import { matchesVariant } from './glob.ts'

const variant = { id: 'm1_x/nt_bn64.v2', backend: 'm1_x', name: 'nt_bn64.v2' }

describe('matchesVariant', () => {
  it.each([
    '*',
    'm1_x/*',
    'm1_x',
    'nt_*',
    '*bn6?*',
    'm1_x/nt_bn64.v2',
    '{a,m1_x}/nt*',
    'mlx/*,m1*/*',
    '{nt_bn64.v2',
    '*/*v2',
  ])('%s matches', (glob) => {
    expect(matchesVariant(glob, variant)).toBe(true)
  })

  it.each([
    '',
    'nt',
    'm1_x/',
    'nt_bn64?v',
    'ntxbn64.v2',
    'nt_bn64xv2',
    'mlx/*',
    'm1_x}',
    '(m1_x',
    '[m]1_x',
    'nt_bn64.v2/*',
  ])('%s does not', (glob) => {
    expect(matchesVariant(glob, variant)).toBe(false)
  })
})
