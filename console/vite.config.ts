// How the console is built: hashed names, no source maps, nothing inline, so that the server's strict CSP holds.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstPageIsSmall } from './scripts/size.mjs'

const api = process.env.YAGURA_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), firstPageIsSmall()],
  build: {
    target: 'es2022',
    sourcemap: false,
    // Inlined files would be `data:` addresses, which the CSP allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': api } },
  preview: { proxy: { '/api': api } },
})
