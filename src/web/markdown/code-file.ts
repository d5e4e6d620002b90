/** What a language is called, and how its files end. */
const KNOWN: Record<string, readonly [title: string, end: string]> = {
  bash: ['Bash', 'sh'],
  c: ['C', 'c'],
  cpp: ['C++', 'cpp'],
  csharp: ['C#', 'cs'],
  css: ['CSS', 'css'],
  csv: ['CSV', 'csv'],
  diff: ['Diff', 'diff'],
  dockerfile: ['Dockerfile', 'Dockerfile'],
  go: ['Go', 'go'],
  html: ['HTML', 'html'],
  java: ['Java', 'java'],
  javascript: ['JavaScript', 'js'],
  json: ['JSON', 'json'],
  jsx: ['JSX', 'jsx'],
  kotlin: ['Kotlin', 'kt'],
  latex: ['LaTeX', 'tex'],
  lua: ['Lua', 'lua'],
  makefile: ['Makefile', 'Makefile'],
  markdown: ['Markdown', 'md'],
  mermaid: ['Mermaid', 'mmd'],
  php: ['PHP', 'php'],
  python: ['Python', 'py'],
  ruby: ['Ruby', 'rb'],
  rust: ['Rust', 'rs'],
  sql: ['SQL', 'sql'],
  svg: ['SVG', 'svg'],
  swift: ['Swift', 'swift'],
  toml: ['TOML', 'toml'],
  tsx: ['TSX', 'tsx'],
  typescript: ['TypeScript', 'ts'],
  xml: ['XML', 'xml'],
  yaml: ['YAML', 'yaml'],
}
const SHORT: Record<string, string> = {
  'c#': 'csharp',
  'c++': 'cpp',
  cs: 'csharp',
  docker: 'dockerfile',
  js: 'javascript',
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  mmd: 'mermaid',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  tex: 'latex',
  ts: 'typescript',
  yml: 'yaml',
  zsh: 'bash',
}
const known = (language: string) => {
  const name = language.toLowerCase()
  const full = SHORT[name] ?? name
  return Object.hasOwn(KNOWN, full) ? KNOWN[full] : undefined
}

/** The first word of what stands after a fence, without a file name that is glued to it. */
export const languageOf = (info: string): string => (/^[^\s{:,]+/.exec(info.trim())?.[0] ?? '').slice(0, 40)

export const languageTitle = (language: string): string =>
  language === '' ? 'Text' : (known(language)?.[0] ?? language)

/** The name that was given with the code or in its first line; else one by its language. Never a path. */
export function fileName(info: string, code: string): string {
  const named =
    /(?:title|file|filename|name)=["']?([^"'\s}]+)/i.exec(info)?.[1] ??
    /^[\w+#-]+:(\S+\.\w+)/.exec(info.trim())?.[1] ??
    /^(?:\/\/|#|--|;|\/\*|<!--)\s*(?:file(?:name)?:\s*)?([\w./\\-]+\.\w{1,8})\s*(?:\*\/|-->)?\s*$/i.exec(
      code.slice(0, 200).split('\n')[0] ?? '',
    )?.[1]
  const last = (named ?? '')
    .split(/[/\\]/)
    .at(-1)!
    .replaceAll(/[^\p{L}\p{N}._-]/gu, '')
    .replace(/^\.+/, '')
    .slice(0, 80)
  if (last !== '') return last
  const end = known(languageOf(info))?.[1] ?? 'txt'
  return /^[A-Z]/.test(end) ? end : `pkn-code.${end}`
}
