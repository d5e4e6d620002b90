import assert from 'node:assert/strict'
import { it } from 'node:test'
import { decodeEntities } from './entities.ts'
import { tintsOf, type Tint } from './highlight.ts'
import { isInlinePicture, safeLink } from './links.ts'

const plain = (tints: readonly Tint[]): string =>
  tints.map((t) => (typeof t === 'string' ? t : plain(t.inside))).join('')

it('colouring code changes no character of it', () => {
  const code = {
    typescript:
      'const a: Map<string, number> = new Map() // <b>x</b>\nexport async function* f() { yield `a${1 + 2}` }\n',
    python: 'def f(x: int) -> str:\n    """doc"""\n    return f"{x!r} <script>"\n',
    xml: '<a href="x">&amp;<!-- c --><style>b{c:d}</style><script>let x = 1 < 2</script></a>',
    bash: 'for f in *.ts; do echo "$f" | grep -c \'x\'; done # end',
    json: '{"a": [1, true, null, "\\u00e4"]}',
    css: '.a > b:hover { color: #fff; }',
    markdown: '# Title\n\n```js\nlet x\n```\n',
  }
  for (const [language, text] of Object.entries(code))
    assert.equal(plain(tintsOf(text, language) ?? []), text, language)
})

it('a language that is not known has no colours', () => {
  assert.equal(tintsOf('x', 'no-such-language'), null)
})

it('only the web and mail can be linked to', () => {
  for (const href of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:x',
    '/v1/sessions',
    '//evil.example',
    '#x',
    'about:blank',
  ])
    assert.equal(safeLink(href), null, href)
  assert.equal(safeLink('https://example.org/a?b'), 'https://example.org/a?b')
  assert.equal(safeLink('mailto:a@b.c'), 'mailto:a@b.c')
})

it('only a picture that is inside the text is shown', () => {
  assert.equal(isInlinePicture('data:image/png;base64,AAAA'), true)
  for (const href of [
    'https://x/y.png',
    'data:image/svg+xml;base64,AAAA',
    'data:text/html;base64,AAAA',
    '/a.png',
    'data:image/png;base64,"><script>',
  ])
    assert.equal(isInlinePicture(href), false, href)
})

it('characters may be spelt as in HTML, and stay text', () => {
  assert.equal(decodeEntities('&lt;b&gt; &amp; &#228;&#xE4; &unknown; &'), '<b> & ää &unknown; &')
  assert.equal(decodeEntities('&#0;&#9999999;'), '&#0;&#9999999;')
})
