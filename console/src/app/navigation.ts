// Where the side bar leads. A page is one line here; its name stands in texts/*/shell.ts under `pages`.
import {
  BookOpen,
  Boxes,
  Building2,
  CalendarClock,
  ClipboardCheck,
  EyeOff,
  FileClock,
  FileText,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Radar,
  Send,
  Settings,
  Siren,
  TrendingUp,
} from 'lucide-react'
import type { Need } from '../api/session'
import type { shell } from '../texts/en/shell'

export type PageName = keyof typeof shell.pages

export type NavigationEntry = {
  page: PageName
  to: string
  icon: LucideIcon
  /** The key that leads here after `g`. */
  key: string
  /** Without this it is not offered. */
  needs?: Need
}

export const navigation: { group: keyof typeof shell.groups; entries: NavigationEntry[] }[] = [
  {
    group: 'work',
    entries: [
      { page: 'home', to: '/', icon: LayoutDashboard, key: 'h' },
      { page: 'findings', to: '/findings', icon: ListChecks, key: 'f' },
      { page: 'incidents', to: '/incidents', icon: Siren, key: 'i' },
      { page: 'suppressions', to: '/suppressions', icon: EyeOff, key: 'u' },
      { page: 'deliveries', to: '/deliveries', icon: Send, key: 'd', needs: 'whole' },
    ],
  },
  {
    group: 'estate',
    entries: [
      { page: 'accounts', to: '/accounts', icon: Building2, key: 'a' },
      { page: 'compliance', to: '/compliance', icon: ClipboardCheck, key: 'c' },
      { page: 'scores', to: '/scores', icon: TrendingUp, key: 't' },
      { page: 'reports', to: '/reports', icon: FileText, key: 'p' },
      { page: 'inventory', to: '/inventory', icon: Boxes, key: 'n' },
      { page: 'coverage', to: '/coverage', icon: Radar, key: 'v' },
    ],
  },
  {
    group: 'knowledge',
    entries: [{ page: 'rules', to: '/rules', icon: BookOpen, key: 'r' }],
  },
  {
    group: 'administration',
    entries: [
      { page: 'jobs', to: '/jobs', icon: CalendarClock, key: 'b', needs: 'whole' },
      { page: 'auditLog', to: '/audit-log', icon: FileClock, key: 'l', needs: 'administer' },
      { page: 'settings', to: '/settings', icon: Settings, key: 's' },
    ],
  },
]
