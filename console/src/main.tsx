// Where the console begins.
import './app/trusted'
import './design/tokens.css'
import './design/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { createRoot } from 'react-dom/client'
import { queries } from './api/queries'
import { router } from './app/router'
import { homeQuery } from './pages/home/queries'
import { useLang } from './texts'

// What the first page needs is asked for at once, not after it is known who reads it.
if (window.location.pathname === '/') {
  void import('./pages/home/Home')
  void queries.prefetchQuery(homeQuery)
}

// A session that ended leads to sign-in, and back to where the reader was.
window.addEventListener('yagura-signed-out', () => {
  if (queries.getQueryData(['session']) === undefined) return
  queries.clear()
  void router.navigate({ to: '/sign-in', search: { back: router.state.location.href } })
})

// After an update the chunks of the old build are gone: the address is loaded anew, once.
window.addEventListener('vite:preloadError', (event) => {
  const key = 'yagura.reloaded'
  if (sessionStorage.getItem(key) === window.location.href) return
  sessionStorage.setItem(key, window.location.href)
  event.preventDefault()
  window.location.reload()
})

function App() {
  const lang = useLang()
  return (
    <I18nProvider locale={lang === 'ja' ? 'ja-JP' : 'en-GB'}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  )
}

const place = document.getElementById('root')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
