// Fails the build when what the first page loads grows too large: the entry, the page, its line, and their styles.
import { gzipSync } from 'node:zlib'

const limit = 500_000
const pages = ['/pages/home/Home.tsx', '/parts/TrendCanvas.tsx']

/** @returns {import('vite').Plugin} */
export function firstPageIsSmall() {
  return {
    name: 'first-page-is-small',
    apply: 'build',
    writeBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((it) => it.type === 'chunk')
      const first = chunks.filter((it) => it.isEntry || pages.some((page) => it.facadeModuleId?.endsWith(page)))
      if (first.length <= pages.length) this.error('the first page was not found in the bundle')
      const needed = new Set()
      const add = (name) => {
        const it = bundle[name]
        if (!it || needed.has(name)) return
        needed.add(name)
        if (it.type !== 'chunk') return
        for (const other of [...it.imports, ...(it.viteMetadata?.importedCss ?? [])]) add(other)
      }
      for (const it of first) add(it.fileName)
      let size = 0
      for (const name of needed) {
        const it = bundle[name]
        size += gzipSync(it.type === 'chunk' ? it.code : it.source).length
      }
      const told = `the first page loads ${Math.ceil(size / 1000)} kB (gzip) in ${needed.size} files`
      if (size > limit) this.error(`${told}, more than ${limit / 1000} kB`)
      this.info(told)
    },
  }
}
