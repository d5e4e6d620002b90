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
  for (const event of ['pkn.look', 'storage']) addEventListener(event, dress)
  for (const query of [contrast, dark]) query.addEventListener('change', dress)
}
