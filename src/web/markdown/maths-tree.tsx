import { createElement, Fragment, type ReactNode } from 'react'
import * as Temml from 'temml'
import 'temml/dist/Temml-Local.css'

/** What Temml makes of a formula: data, from which only what is listed here reaches the page. */
type Node = {
  type?: string
  text?: string
  children?: Node[]
  attributes?: Record<string, string>
  style?: Record<string, string | number>
  classes?: string[]
}

const ELEMENTS = new Set(
  'math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none menclose'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle fence form height largeop linethickness lquote lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowalign rowlines rowspacing rowspan rquote rspace scriptlevel separator stretchy symmetric voffset width'.split(
    ' ',
  ),
)
const STYLES =
  /^(color|backgroundColor|border(Top|Right|Bottom|Left)?(Color|Style|Width)?|padding(Top|Right|Bottom|Left)?|margin(Top|Right|Bottom|Left)?|width|height|minWidth|fontStyle|fontWeight|fontFamily|textAlign|textDecoration|mathDepth|mathStyle|fontSize|verticalAlign)$/
const CLASSES =
  /^(tml-|chr-|longdiv|phasor|circle-pad|(math(cal|scr)|menclose|actuarial|textcircle|upstrike|downstrike|sout|special-fraction)$)/
/** In em and in points: nothing in a formula is larger than a line of text is wide. */
const LARGEST: [number, number] = [40, 480]
const LONGEST = 4000

type Options = { displayMode: boolean; throwOnError: boolean; maxSize: [number, number]; maxExpand: number }
// The package's types describe its default export as a namespace.
const { default: temml } = Temml as unknown as {
  default: { __renderToMathMLTree: (tex: string, options: Options & { trust: false; strict: false }) => Node }
}

/** Null for what is no formula. Nothing of it can load, link or run. */
export function drawMaths(tex: string, display: boolean): ReactNode {
  if (tex.length > LONGEST) return null
  try {
    const tree = temml.__renderToMathMLTree(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxSize: LARGEST,
      maxExpand: 300,
    })
    return <Fragment>{elementOf(tree, 0)}</Fragment>
  } catch {
    // A formula that is not finished or not TeX is shown as it was written.
    return null
  }
}

function elementOf(node: Node, key: number): ReactNode {
  const children = node.children?.map(elementOf)
  if (node.text !== undefined) return node.text
  const type = node.type ?? 'span'
  const classes = (node.classes ?? []).filter((name) => CLASSES.test(name))
  if (type === 'span' && classes.length === 0) return <Fragment key={key}>{children}</Fragment>
  if (type !== 'span' && !ELEMENTS.has(type)) return null
  const attributes = Object.entries(node.attributes ?? {}).filter(([name]) => ATTRIBUTES.has(name))
  const style = Object.entries(node.style ?? {})
    .map(([name, value]) => [name.replaceAll(/-([a-z])/g, (_, c: string) => c.toUpperCase()), value] as const)
    .filter(([name, value]) => STYLES.test(name) && !/[(\\]|url/i.test(String(value).replace(/^rgba?\(/, '')))
  return createElement(
    type,
    {
      key,
      ...Object.fromEntries(attributes),
      ...(style.length > 0 && { style: Object.fromEntries(style) }),
      ...(classes.length > 0 && { className: classes.join(' ') }),
    },
    ...(children ?? []),
  )
}
