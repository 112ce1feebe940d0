declare module '*?worker' {
  const WorkerConstructor: new (options?: { name?: string }) => Worker
  export default WorkerConstructor
}
declare module '*.css'

/* Monaco's tokenizer, for tests; the package declares no types for its internals. */
declare module 'monaco-editor/editor/standalone/common/monarch/monarchCompile.js' {
  export function compile(languageId: string, language: unknown): unknown
}
declare module 'monaco-editor/editor/standalone/common/monarch/monarchLexer.js' {
  export class MonarchTokenizer {
    constructor(languages: unknown, themes: unknown, languageId: string, lexer: unknown, configuration: unknown)
    getInitialState(): unknown
    tokenize(
      line: string,
      hasEol: boolean,
      state: unknown,
    ): { tokens: { offset: number; type: string }[]; endState: unknown }
  }
}
