// What PKN uses of it; the package brings no types of its own.
declare module 'html-to-text' {
  type Element = { name?: string; attribs?: Record<string, string>; children?: Element[] }
  type Builder = {
    addInline(text: string): void
    addLiteral(text: string): void
  }
  type Formatter = (
    element: Element,
    walk: (children: Element[] | undefined, builder: Builder) => void,
    builder: Builder,
  ) => void
  type Options = {
    wordwrap?: number | false
    baseElements?: { selectors?: string[]; orderBy?: 'selectors' | 'occurrence'; returnDomByDefault?: boolean }
    formatters?: Record<string, Formatter>
    limits?: { maxDepth?: number; maxChildNodes?: number; maxBaseElements?: number; maxInputLength?: number }
    selectors?: { selector: string; format?: string; options?: Record<string, unknown> }[]
  }
  export function convert(html: string, options?: Options): string
}
