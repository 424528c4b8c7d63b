// The router, made of the route table.
import { createRouter } from '@tanstack/react-router'
import { routeTree } from './routes'
import { parseSearch, stringifySearch } from './search'

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  // What pages ask for is kept by the queries.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
