import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

const pagesFolder = join(import.meta.dirname, 'src')

/** Every HTML file beside `index.html` is a page of its own; what a page imports is what its visitor pays for. */
const pages = readdirSync(pagesFolder)
  .filter((name) => name.endsWith('.html'))
  .map((name) => join(pagesFolder, name))

export default defineConfig({
  root: pagesFolder,
  publicDir: false,
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // The pages' content policy allows no inline script, and browsers this old get the plain page.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: pages },
  },
})
