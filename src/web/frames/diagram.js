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

// The page's colours, spelt out: nothing of the page can be seen from here.
const LIGHT = {
  background: '#f4f2ed',
  primaryColor: '#ffffff',
  primaryTextColor: '#1e1c19',
  primaryBorderColor: '#b9b3a6',
  secondaryColor: '#eaeefc',
  tertiaryColor: '#fbf3e0',
  lineColor: '#6b675f',
  textColor: '#1e1c19',
  edgeLabelBackground: '#f4f2ed',
  fontSize: '15px',
}
const DARK = {
  background: '#101012',
  primaryColor: '#1d1d20',
  primaryTextColor: '#ebe9e6',
  primaryBorderColor: '#5a5a62',
  secondaryColor: '#20263f',
  tertiaryColor: '#2a2314',
  lineColor: '#949290',
  textColor: '#ebe9e6',
  edgeLabelBackground: '#101012',
  fontSize: '15px',
}

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
    look: 'classic',
    theme: 'base',
    themeVariables: dark ? DARK : LIGHT,
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
