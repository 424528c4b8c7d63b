// The menu of views above a list: those that are always there, one's own, and what others share.
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Bookmark, BookmarkPlus, Settings2, Users } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../../api/session'
import { present } from '../../app/clock'
import { parseSearch, type Search, stringifySearch } from '../../app/search'
import { Button } from '../../parts/Button'
import { type Action, MenuButton } from '../../parts/MenuButton'
import { useTexts } from '../../texts'
import { views as en } from '../../texts/en/views'
import { views as ja } from '../../texts/ja/views'
import { ManageViews } from './ManageViews'
import { viewsQuery } from './queries'
import { SaveView } from './SaveView'

export type ViewedPage = 'findings' | 'inventory'

type Built = { id: string; name: string; search: () => Search }

function useBuilt(page: ViewedPage): Built[] {
  const t = useTexts({ en, ja })
  const me = useSession()?.User.Name ?? ''
  if (page === 'inventory') return [{ id: 'gone', name: t.gone, search: () => ({ gone: 'true' }) }]
  const yesterday = () => {
    const at = new Date(present())
    at.setDate(at.getDate() - 1)
    at.setHours(0, 0, 0, 0)
    return at.toISOString()
  }
  return [
    { id: 'forgotten', name: t.forgotten, search: () => ({ severity: 'HIGH', unassigned: 'true' }) },
    { id: 'overdue', name: t.overdue, search: () => ({ overdue: 'true' }) },
    { id: 'fresh', name: t.fresh, search: () => ({ since: yesterday() }) },
    { id: 'threats', name: t.threats, search: () => ({ kind: 'threat' }) },
    { id: 'mine', name: t.mineOpen, search: () => ({ assignee: me }) },
    { id: 'oldest', name: t.oldest, search: () => ({ order: 'oldest' }) },
  ]
}

export function Views({ page, search }: { page: ViewedPage; search: object }) {
  const t = useTexts({ en, ja })
  const me = useSession()?.User.Name ?? ''
  const router = useRouter()
  const { data = [] } = useQuery(viewsQuery)
  const built = useBuilt(page)
  const [open, setOpen] = useState<'save' | 'manage' | null>(null)
  const query = stringifySearch(search as Search).replace(/^\?/, '')
  const show = (next: Search) => void router.navigate({ to: `/${page}`, search: next as never })
  const ofPage = data.filter((it) => it.Page === page)
  const saved = (it: (typeof ofPage)[number]): Action => ({
    id: String(it.Id),
    name: it.Name,
    icon: it.Owner === me ? Bookmark : Users,
    ...(it.Owner === me ? {} : { hint: t.by(it.Owner) }),
    run: () => show(parseSearch(it.Query)),
  })
  const mine = ofPage.filter((it) => it.Owner === me).map(saved)
  const shared = ofPage.filter((it) => it.Owner !== me).map(saved)
  const groups: Action[][] = [
    built.map((it) => ({ id: it.id, name: it.name, run: () => show(it.search()) })),
    mine,
    shared,
    [
      { id: 'save', name: t.save, icon: BookmarkPlus, run: () => setOpen('save') },
      { id: 'manage', name: t.manage, icon: Settings2, run: () => setOpen('manage') },
    ],
  ]
  return (
    <>
      <MenuButton label={t.title} groups={groups.filter((it) => it.length > 0)}>
        <Button>
          <Bookmark size={14} aria-hidden="true" />
          {t.title}
        </Button>
      </MenuButton>
      {open === 'save' && <SaveView page={page} query={query} onClose={() => setOpen(null)} />}
      {open === 'manage' && <ManageViews page={page} onClose={() => setOpen(null)} />}
    </>
  )
}
