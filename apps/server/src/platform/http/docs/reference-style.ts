/** Colours of the product's pages, light and dark; apps/web/src/styles/tokens.css has the same. */
export const REFERENCE_STYLE = `:root{color-scheme:light dark;--paper:#faf6ec;--card:#fffdf8;--ink:#14231c;--ink-soft:#4a5a51;--line:#ded6c3;--green:#0b5c45;--green-ink:#ffffff;--marigold:#ffc531;--marigold-ink:#2b2000;--clay:#b8432a;--night:#10211a;--night-ink:#eef5f0;
--font:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',sans-serif;--mono:ui-monospace,'SF Mono','Cascadia Mono','Roboto Mono','DejaVu Sans Mono',monospace}
@media(prefers-color-scheme:dark){:root{--paper:#0d1512;--card:#15201b;--ink:#eff5f1;--ink-soft:#adbdb4;--line:#2a3931;--green:#6fd3ac;--green-ink:#06271b;--clay:#ef8b6f;--night:#17251f}}
*,::before,::after{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 var(--font);overflow-wrap:anywhere}
h1,h2,h3,h4,h5,p,ul,ol,dl,dd,pre{margin:0;padding:0}
h1,h2,h3{line-height:1.15;letter-spacing:-.02em;text-wrap:balance}
a{color:inherit}
[hidden]{display:none!important}
:focus-visible{outline:3px solid var(--clay);outline-offset:3px;border-radius:4px}
:target{scroll-margin-top:1rem}
code,pre{font-family:var(--mono);font-size:.875em}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--card)}
.top{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem 1rem;padding:1rem clamp(1rem,4vw,2.5rem)}
.brand{display:flex;align-items:center;gap:.5rem;min-height:2.75rem;font-size:1.4rem;font-weight:800;letter-spacing:-.045em;text-decoration:none}
.brand img{width:2rem;height:2rem}
.top nav{display:flex;flex-wrap:wrap;gap:0 1.25rem;font-size:.9375rem}
.top nav a{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--ink-soft)}
.page{display:grid;gap:1.5rem;max-width:84rem;margin-inline:auto;padding:0 clamp(1rem,4vw,2.5rem) 4rem}
.contents{font-size:.9375rem}
.contents summary{min-height:2.75rem;padding:.55rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;font-weight:700;cursor:pointer}
.contents h2{margin:1.1rem 0 .2rem;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--ink-soft)}
.contents ul{list-style:none}
.contents li a{display:block;padding:.3rem 0;text-decoration:none}
.contents li a:hover{text-decoration:underline}
.filter{margin-top:.75rem}
.filter input{width:100%;min-height:2.75rem;padding:0 .9rem;border:1px solid var(--line);border-radius:.75rem;background:var(--card);color:inherit;font:inherit}
main{min-width:0}
main>header{margin-bottom:1.5rem}
h1{font-size:clamp(2rem,8vw,3rem);font-weight:800;letter-spacing:-.04em}
.lead{max-width:42rem;margin-top:.75rem;color:var(--ink-soft);font-size:1.1rem}
.part{margin-top:3rem}
.part>h2{font-size:clamp(1.5rem,5vw,2rem);margin-bottom:.4rem}
.part>p{max-width:44rem;color:var(--ink-soft)}
article,.card{margin-top:1rem;padding:1.1rem clamp(.9rem,3vw,1.5rem) 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:1.125rem}
article:target{border-color:var(--green);box-shadow:0 0 0 1px var(--green)}
h3{font-size:1.0625rem;font-weight:700}
article h3 a{font-family:var(--mono);font-weight:600;text-decoration:none;letter-spacing:0}
article h3 a:hover{text-decoration:underline}
.verb{display:inline-block;min-width:3.4rem;margin-right:.35rem;padding:.15rem .45rem;border-radius:.4rem;background:var(--green);color:var(--green-ink);font:700 .75rem/1.5 var(--mono);text-align:center;letter-spacing:.02em}
.verb.get{background:none;color:var(--green);box-shadow:inset 0 0 0 1.5px var(--green)}
.verb.delete{background:var(--clay);color:var(--card)}
.verb.ws{background:var(--marigold);color:var(--marigold-ink)}
.says{margin-top:.6rem;font-size:1.0625rem}
.says+p{margin-top:.35rem;color:var(--ink-soft)}
h4{margin:1.1rem 0 .35rem;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--ink-soft)}
h5{font:600 .9375rem/1.4 var(--mono)}
h5 a{text-decoration:none}
.fields>div{padding:.5rem 0;border-top:1px solid var(--line)}
.fields dt b{font-family:var(--mono);font-size:.9375rem;font-weight:600;margin-right:.35rem}
.fields dt span{color:var(--ink-soft);font-size:.875rem}
.fields dd{color:var(--ink-soft);font-size:.9375rem}
.fields .fields{margin:.4rem 0 0 .25rem;padding-left:.85rem;border-left:2px solid var(--line)}
.fields .fields>div:first-child{border-top:0}
.answers>div{display:flex;gap:.75rem;padding:.2rem 0;font-size:.9375rem}
.answers dt{flex:none;min-width:2.6rem;font-family:var(--mono);font-weight:600}
.answers .good{color:var(--green)}
.answers .bad{color:var(--clay)}
.answers dd{color:var(--ink-soft)}
details{margin-top:.9rem}
summary{cursor:pointer;font-weight:600;font-size:.9375rem}
pre{margin-top:.5rem;padding:.8rem 1rem;overflow-x:auto;background:var(--night);color:var(--night-ink);border-radius:.75rem;font-size:.8125rem;line-height:1.5;overflow-wrap:normal}
pre code{font-size:inherit}
details p{margin-top:.6rem;font-weight:600;font-size:.9375rem}
.urls{margin:.4rem 0 0;list-style:none}
.message{margin-top:.6rem;padding-top:.7rem;border-top:1px solid var(--line)}
.message p{color:var(--ink-soft);font-size:.9375rem}
.message details{margin-top:.5rem}
.errors>div{padding:.7rem 0;border-top:1px solid var(--line)}
.errors>div:target{background:var(--card);box-shadow:-.75rem 0 0 var(--card),.75rem 0 0 var(--card)}
.errors dt{font:600 .9375rem/1.5 var(--mono)}
.errors dt span{margin-left:.4rem;font:400 .875rem var(--font);color:var(--ink-soft)}
.errors dd{color:var(--ink-soft)}
.links{display:grid;gap:.5rem;list-style:none;margin-top:1rem}
.links a{display:block;padding:.7rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;text-decoration:none}
.links a:hover{border-color:var(--green)}
.links strong{font-family:var(--mono);font-size:.9375rem}
.links span{display:block;color:var(--ink-soft);font-size:.9375rem}
@media(min-width:60rem){
.page{grid-template-columns:16rem minmax(0,1fr);gap:3rem}
.contents{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding-bottom:2rem}
.contents details::details-content{content-visibility:visible;block-size:auto}
.links{grid-template-columns:1fr 1fr}
}
@media print{.contents,.top{display:none}}
`
