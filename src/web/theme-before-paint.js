// Runs before the first paint, so that what was chosen does not flash in; then again whenever a choice changes, here or in another tab.
{
  const root = document.documentElement
  const contrast = matchMedia('(prefers-contrast: more)')
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const kept = (name) => {
    try {
      return localStorage.getItem(`pkn.${name}`)
    } catch {
      return null // Storage may be forbidden; then everything is as the system has it.
    }
  }
  const set = (name, value) => {
    if (value) root.dataset[name] = value
    else delete root.dataset[name]
  }
  const dress = () => {
    const [, more, scheme] = /^(contrast-)?(light|dark)$/.exec(kept('theme')) ?? []
    const high = more !== undefined || (scheme === undefined && contrast.matches)
    set('theme', scheme)
    set('contrast', high && 'more')
    set('size', kept('size'))
    set('motion', kept('motion'))
    const asked = [kept('language'), ...navigator.languages].map((language) => language?.slice(0, 2))
    root.lang = asked.find((language) => language === 'en' || language === 'de') ?? 'en'
    const night = scheme === undefined ? dark.matches : scheme === 'dark'
    const colour = high ? (night ? '#000000' : '#ffffff') : night ? '#151517' : '#fcfbf9'
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour)
  }
  dress()
  // What stands in index.html until the page is drawn says nothing that will not stay.
  const hour = new Date().getHours()
  set('hour', hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening')
  set('elsewhere', location.hash.length > 1 && 'yes')
  set('known', kept('machine') && 'yes')
  // It is painted before a slow processor is busy with the page's scripts, which are fetched meanwhile.
  let begun = false
  const begin = () => {
    const page = document.getElementById('begin')
    if (begun || page === null) return
    begun = true
    document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: page.href }))
  }
  document.addEventListener('DOMContentLoaded', () => {
    if (document.hidden) return begin()
    new PerformanceObserver(begin).observe({ type: 'paint', buffered: true })
    // A browser that does not tell what it paints is not waited for.
    setTimeout(begin, 1500)
  })
  document.addEventListener('DOMContentLoaded', dress)
  // What is pressed before anything can hear it is said again when something can.
  const early = []
  const keep = (event) => {
    const { key, ctrlKey, metaKey, altKey, isComposing } = event
    if (isComposing || altKey || key.length > 1 || ((ctrlKey || metaKey) && key.toLowerCase() !== 'k')) return
    early.push(event)
    event.preventDefault()
  }
  addEventListener('keydown', keep)
  const replay = () => {
    removeEventListener('keydown', keep)
    const at = document.activeElement ?? document.body
    let text = ''
    for (const { key, code, ctrlKey, metaKey, shiftKey } of early.splice(0)) {
      const again = { key, code, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }
      const unheard = at.dispatchEvent(new KeyboardEvent('keydown', again))
      if (unheard && !ctrlKey && !metaKey) text += key
    }
    // At once, as the page draws the field anew only after this.
    if (text !== '' && at.matches('textarea')) document.execCommand('insertText', false, text)
  }
  addEventListener('pkn.ready', replay, { once: true })
  for (const event of ['pkn.look', 'storage']) addEventListener(event, dress)
  for (const query of [contrast, dark]) query.addEventListener('change', dress)
}
