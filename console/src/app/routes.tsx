// The route table: a page is one line. What stands in its address is read by its own `search.ts`.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { ProblemError } from '../api/client'
import { queries, sessionQuery, setupQuery } from '../api/queries'
import { search as accounts } from '../pages/accounts/search'
import { search as auditLog } from '../pages/audit-log/search'
import { search as compliance } from '../pages/compliance/search'
import { search as coverage } from '../pages/coverage/search'
import { search as deliveries } from '../pages/deliveries/search'
import { search as findings } from '../pages/findings/search'
import { search as framework } from '../pages/framework/search'
import { search as incidents } from '../pages/incidents/search'
import { search as inventory } from '../pages/inventory/search'
import { search as reports } from '../pages/reports/search'
import { search as resource } from '../pages/resource/search'
import { search as rule } from '../pages/rule/search'
import { search as rules } from '../pages/rules/search'
import { search as scores } from '../pages/scores/search'
import { search as settings } from '../pages/settings/search'
import { search as suppressions } from '../pages/suppressions/search'
import { Broken, NotFound } from './Broken'
import { takeBack } from './back'
import { Shell } from './Shell'
import { type Search, text } from './search'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Broken })

/** The session, or the way to the sign-in and from there to a place. */
async function sessionOr(back: string | undefined) {
  try {
    return await queries.ensureQueryData(sessionQuery)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error
    throw redirect({ to: '/sign-in', search: { back } })
  }
}

const signedIn = createRoute({
  id: 'signed-in',
  getParentRoute: () => root,
  component: Shell,
  beforeLoad: async ({ location, preload }) => {
    const place = location.href === '/' ? undefined : location.href
    const session = await sessionOr(place)
    if (session.PasswordChangeNeeded) throw redirect({ to: '/own-password', search: { back: place } })
    // Whoever comes from an identity provider comes here first.
    const back = location.href === '/' && !preload ? takeBack() : undefined
    if (back !== undefined) throw redirect({ href: back, replace: true })
  },
})

type Load = () => Promise<{ default: ComponentType }>
const none = (): Record<never, never> => ({})

function page<const Path extends string, Read>(path: Path, read: (raw: Search) => Read, load: Load) {
  return createRoute({
    getParentRoute: () => signedIn,
    path,
    // Nothing in an address is obligatory.
    validateSearch: read as (raw: Search) => Partial<Read>,
    component: lazyRouteComponent(load),
  })
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Search): { back?: string | undefined; problem?: string | undefined } => ({
    back: text(raw.back),
    problem: text(raw.problem),
  }),
  beforeLoad: async ({ search }) => {
    const { IsNeeded: isNeeded } = await queries.fetchQuery(setupQuery)
    if (isNeeded) throw redirect({ to: '/setup', search: { problem: search.problem } })
  },
  component: lazyRouteComponent(() => import('../pages/sign-in/SignIn')),
})

const ownPassword = createRoute({
  getParentRoute: () => root,
  path: '/own-password',
  validateSearch: (raw: Search): { back?: string | undefined } => ({ back: text(raw.back) }),
  beforeLoad: async ({ search }) => {
    const session = await sessionOr(search.back)
    if (!session.PasswordChangeNeeded) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('../pages/sign-in/OwnPassword')),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (raw: Search): { problem?: string | undefined } => ({ problem: text(raw.problem) }),
  component: lazyRouteComponent(() => import('../pages/setup/Setup')),
})

export const routeTree = root.addChildren([
  signIn,
  ownPassword,
  setup,
  signedIn.addChildren([
    page('/', none, () => import('../pages/home/Home')),
    page('/findings', findings, () => import('../pages/findings/Findings')),
    page('/findings/$id', none, () => import('../pages/finding/Finding')),
    page('/incidents', incidents, () => import('../pages/incidents/Incidents')),
    page('/incidents/$id', none, () => import('../pages/incident/Incident')),
    page('/suppressions', suppressions, () => import('../pages/suppressions/Suppressions')),
    page('/deliveries', deliveries, () => import('../pages/deliveries/Deliveries')),
    page('/accounts', accounts, () => import('../pages/accounts/Accounts')),
    page('/accounts/$id', none, () => import('../pages/account/Account')),
    page('/compliance', compliance, () => import('../pages/compliance/Compliance')),
    page('/compliance/$id', framework, () => import('../pages/framework/Framework')),
    page('/compliance/$id/$requirement', none, () => import('../pages/requirement/Requirement')),
    page('/scores', scores, () => import('../pages/scores/Scores')),
    page('/reports', reports, () => import('../pages/reports/Reports')),
    page('/inventory', inventory, () => import('../pages/inventory/Inventory')),
    page('/inventory/resource', resource, () => import('../pages/resource/Resource')),
    page('/rules', rules, () => import('../pages/rules/Rules')),
    page('/rules/$id', rule, () => import('../pages/rule/Rule')),
    page('/coverage', coverage, () => import('../pages/coverage/Coverage')),
    page('/jobs', none, () => import('../pages/jobs/Jobs')),
    page('/audit-log', auditLog, () => import('../pages/audit-log/AuditLog')),
    page('/settings', settings, () => import('../pages/settings/Settings')),
  ]),
])
