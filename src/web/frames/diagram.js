// Runs in a frame without an origin and without network: draws a diagram and gives it back as text.
/* global mermaid */
const OURS = ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering']
const ALSO = [
  'htmlLabels',
  'flowchart',
  'themeCSS',
  'fontFamily',
  'dompurifyConfig',
  'theme',
  'darkMode',
  'altFontFamily',
]
const font = 'ui-sans-serif, system-ui, sans-serif'

async function draw(id, source, dark) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    secure: [...OURS, ...ALSO],
    suppressErrorRendering: true,
    maxTextSize: 20_000,
    maxEdges: 300,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: dark ? 'dark' : 'neutral',
    darkMode: dark,
    fontFamily: font,
  })
  const stage = document.body.appendChild(document.createElement('div'))
  try {
    const { svg } = await mermaid.render(`d${id}`, source, stage)
    // A document that is only parsed loads nothing and runs nothing.
    const drawn = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
    const [, , width, height] = drawn
      .getAttribute('viewBox')
      .split(/[\s,]+/)
      .map(Number)
    for (const link of drawn.querySelectorAll('a')) link.replaceWith(...link.childNodes)
    for (const odd of drawn.querySelectorAll('script, image, use:not([href^="#"]), iframe, foreignObject img'))
      odd.remove()
    drawn.removeAttribute('style')
    drawn.setAttribute('width', Math.ceil(width))
    drawn.setAttribute('height', Math.ceil(height))
    return new XMLSerializer().serializeToString(drawn)
  } finally {
    stage.remove()
  }
}

addEventListener('message', ({ source, data }) => {
  if (source !== parent || parent === window) return
  draw(data.id, String(data.source), data.dark === true).then(
    (svg) => parent.postMessage({ id: data.id, svg }, '*'),
    (error) => parent.postMessage({ id: data.id, why: String(error?.message ?? error) }, '*'),
  )
})
