import type { languages } from 'monaco-editor/editor/editor.api.js'

/** Monaco's id of the Metal Shading Language. */
export const mslLanguageId = 'msl'

const scalars = ['bool', 'char', 'uchar', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'half', 'bfloat', 'float']
const vectors = scalars.flatMap((scalar) => [2, 3, 4].flatMap((width) => [`${scalar}${width}`, `packed_${scalar}${width}`]))
const matrices = ['half', 'float'].flatMap((scalar) =>
  [2, 3, 4].flatMap((columns) => [2, 3, 4].map((rows) => `${scalar}${columns}x${rows}`)),
)
const simdgroupMatrices = ['half', 'bfloat', 'float'].map((scalar) => `simdgroup_${scalar}8x8`)

const builtins = [
  'threadgroup_barrier', 'simdgroup_barrier', 'simdgroup_load', 'simdgroup_store', 'simdgroup_multiply',
  'simdgroup_multiply_accumulate', 'make_filled_simdgroup_matrix', 'simd_sum', 'simd_product', 'simd_min', 'simd_max',
  'simd_prefix_exclusive_sum', 'simd_prefix_inclusive_sum', 'simd_shuffle', 'simd_shuffle_xor', 'simd_shuffle_up',
  'simd_shuffle_down', 'simd_broadcast', 'simd_broadcast_first', 'simd_ballot', 'simd_all', 'simd_any', 'quad_sum',
  'quad_shuffle', 'fma', 'dot', 'min', 'max', 'clamp', 'abs', 'fabs', 'exp', 'exp2', 'log', 'log2', 'sqrt', 'rsqrt', 'pow',
  'floor', 'ceil', 'round', 'trunc', 'mix', 'select', 'as_type', 'mad24', 'mul24', 'popcount', 'clz', 'ctz', 'isnan',
  'isinf', 'is_function_constant_defined', 'atomic_fetch_add_explicit', 'atomic_load_explicit', 'atomic_store_explicit',
]

/** Brackets, comments and indentation of MSL. */
export const mslConfiguration: languages.LanguageConfiguration = {
  comments: { lineComment: '//', blockComment: ['/*', '*/'] },
  brackets: [['{', '}'], ['[', ']'], ['(', ')']],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '[', close: ']' },
    { open: '(', close: ')' },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: '/*', close: ' */', notIn: ['string'] },
  ],
  surroundingPairs: [
    { open: '{', close: '}' }, { open: '[', close: ']' }, { open: '(', close: ')' },
    { open: '"', close: '"' }, { open: '<', close: '>' },
  ],
  folding: { markers: { start: /^\s*#pragma\s+region\b/, end: /^\s*#pragma\s+endregion\b/ } },
}

/** Colours of MSL: C++14 with address spaces, attributes, half literals and the simdgroup library apart. */
export const mslTokens: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.msl',
  keywords: [
    'alignas', 'alignof', 'auto', 'break', 'case', 'class', 'const', 'constexpr', 'continue', 'decltype', 'default',
    'delete', 'do', 'else', 'enum', 'explicit', 'false', 'for', 'friend', 'if', 'inline', 'namespace', 'nullptr',
    'operator', 'private', 'protected', 'public', 'return', 'sizeof', 'static', 'static_assert', 'static_cast',
    'reinterpret_cast', 'struct', 'switch', 'template', 'this', 'true', 'typedef', 'typename', 'union', 'using',
    'volatile', 'while', 'mutable', 'virtual', 'concept', 'requires',
  ],
  functionQualifiers: ['kernel', 'vertex', 'fragment', 'mesh', 'object', 'visible'],
  addressSpaces: ['device', 'constant', 'threadgroup', 'thread', 'threadgroup_imageblock', 'ray_data', 'object_data'],
  types: [
    'void', 'size_t', 'ptrdiff_t', 'uint8_t', 'int8_t', 'uint16_t', 'int16_t', 'uint32_t', 'int32_t', 'uint64_t', 'int64_t',
    'simdgroup_matrix', 'vec', 'matrix', 'array', 'atomic_int', 'atomic_uint', 'atomic_float', 'atomic', 'mem_flags',
    ...scalars, ...vectors, ...matrices, ...simdgroupMatrices,
  ],
  builtins,
  escapes: /\\(?:[abfnrtv\\"']|x[0-9A-Fa-f]{1,4}|u[0-9A-Fa-f]{4})/,
  tokenizer: {
    root: [
      [/^\s*#\s*include\b/, { token: 'keyword.directive', next: '@include' }],
      [/^\s*#\s*\w+/, 'keyword.directive'],
      [/\[\[/, { token: 'annotation', next: '@attribute' }],
      [/[A-Za-z_]\w*/, {
        cases: {
          '@functionQualifiers': 'keyword.function',
          '@addressSpaces': 'keyword.space',
          '@keywords': 'keyword',
          '@types': 'type',
          '@builtins': 'predefined',
          '[A-Z][A-Z0-9_]+': 'constant',
          '@default': 'identifier',
        },
      }],
      { include: '@space' },
      { include: '@number' },
      [/"/, { token: 'string', next: '@string' }],
      [/'(?:[^'\\]|\\.)*'/, 'string'],
      [/[{}()[\]]/, '@brackets'],
      [/[-+*/%&|^~!=<>?:]+/, 'operator'],
      [/[;,.]/, 'delimiter'],
    ],
    include: [
      [/<[^>]*>|"[^"]*"/, { token: 'string.include', next: '@pop' }],
      [/$|(?=\S)/, { token: '', next: '@pop' }],
      [/\s+/, ''],
    ],
    attribute: [
      [/\]\]/, { token: 'annotation', next: '@pop' }],
      { include: '@number' },
      [/"[^"]*"/, 'string'],
      [/[^\]\d"]+/, 'annotation'],
      [/./, 'annotation'],
    ],
    number: [
      [/0[xX][0-9a-fA-F']+[uUlL]*/, 'number.hex'],
      [/\d[\d']*\.\d*(?:[eE][-+]?\d+)?[fFhH]?|\.\d+(?:[eE][-+]?\d+)?[fFhH]?|\d+[eE][-+]?\d+[fFhH]?/, 'number.float'],
      [/\d[\d']*(?:[fFhH]|[uU]?[lL]{0,2}|[lL]{1,2}[uU])/, 'number'],
    ],
    space: [
      [/\s+/, ''],
      [/\/\*/, { token: 'comment', next: '@comment' }],
      [/\/\/.*$/, 'comment'],
    ],
    comment: [
      [/[^/*]+/, 'comment'],
      [/\*\//, { token: 'comment', next: '@pop' }],
      [/[/*]/, 'comment'],
    ],
    string: [
      [/[^\\"]+/, 'string'],
      [/@escapes/, 'string.escape'],
      [/\\./, 'string.invalid'],
      [/"/, { token: 'string', next: '@pop' }],
    ],
  },
}
