/** Ways in which a model's text has become code, or a call home, in other products. */
export const ATTACKS = `<script>window.pwned = 1</script>
<img src=x onerror="window.pwned = 2">
<svg onload="window.pwned = 3"><animate onbegin="window.pwned = 3" attributeName=x dur=1s></svg>

<iframe srcdoc="<script>parent.pwned = 4</script>"></iframe>
<a href="javascript:window.pwned=5" id="bait">click</a>

[click one](javascript:window.pwned=6) [click two](JaVaScRiPt:window.pwned=7) [click three](java&#x0A;script:window.pwned=8)
[click four](data:text/html,<script>window.pwned=9</script>) [click five](vbscript:window.pwned=10) <javascript:window.pwned=11>

![seen](http://127.0.0.1:9/exfiltrate?secret) ![seen]( http://127.0.0.1:9/two) ![ref][r] ![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)

<style>@import url(http://127.0.0.1:9/style);</style><link rel=stylesheet href=http://127.0.0.1:9/l><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">

\`\`\`html
<img src=x onerror="window.pwned = 12"></code></pre><script>window.pwned = 13</script>
\`\`\`

\`\`\`"><img/src=x/onerror=window.pwned=14>
x
\`\`\`

| <img src=x onerror=window.pwned=15> | b |
|---|---|
| [z](javascript:window.pwned=16) | <details open ontoggle=window.pwned=17> |

- [ ] <input autofocus onfocus=window.pwned=18>
- \`<img src=x onerror=window.pwned=19>\`

<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=20></style></mglyph></table></mtext></math>
<form action=http://127.0.0.1:9/><button>send</button></form><base href=http://127.0.0.1:9/>

[r]: http://127.0.0.1:9/reference
[link ref]: javascript:window.pwned=21
[link ref]

end of the attacks`
