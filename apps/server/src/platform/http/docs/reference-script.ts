/** A filter over what is on the page already, and the contents unfolded where there is room; without it the page is whole. */
export const REFERENCE_SCRIPT = `const box = document.getElementById('filter')
box.parentElement.hidden = false
document.querySelector('.contents details').open = matchMedia('(min-width:60rem)').matches
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean)
  const isHit = (node) => words.every((word) => node.textContent.toLowerCase().includes(word))
  for (const node of document.querySelectorAll('main article, .errors > div')) node.hidden = !isHit(node)
  for (const link of document.querySelectorAll('.contents li a')) {
    const target = document.getElementById(link.hash.slice(1))
    link.parentElement.hidden = target !== null && target.matches('article') && target.hidden
  }
  for (const part of document.querySelectorAll('main section.part')) {
    const nodes = [...part.querySelectorAll('article, .errors > div')]
    part.hidden = words.length > 0 && nodes.every((node) => node.hidden)
  }
})
`
