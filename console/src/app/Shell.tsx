// What is around every page once somebody has signed in: side bar, top bar, palette, help, news.
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { CircleHelp, Languages, LogOut, Menu, Monitor, Moon, Search, Settings, Sun } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useEventStream } from '../api/events'
import { sessionQuery } from '../api/queries'
import { useMay } from '../api/session'
import { Button } from '../parts/Button'
import { MenuButton } from '../parts/MenuButton'
import { Toasts } from '../parts/Toasts'
import { setLang, useLang } from '../texts'
import { useCommon } from '../texts/common'
import { useShellTexts } from '../texts/shell'
import { Help } from './Help'
import { navigation } from './navigation'
import { Palette } from './Palette'
import styles from './Shell.module.css'
import { isMac, paletteKeys, useShortcuts } from './shortcuts'
import { useSignOut } from './signOut'
import { setTheme, type Theme, useTheme } from './theme'

const themes: [Theme, typeof Sun][] = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
]

export function Shell() {
  const t = useShellTexts()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { data: session } = useQuery(sessionQuery)
  useEventStream(session?.User.Name ?? '')
  useShortcuts({ palette: () => setOpen('palette'), help: () => setOpen('help') })
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went somewhere is done with the menu
  useEffect(() => setMenuOpen(false), [path])
  return (
    <div className={`${styles.shell} ${isMenuOpen ? styles.isOpen : ''}`}>
      <a className={styles.skip} href="#content">
        {t.skip}
      </a>
      <SideBar />
      <button
        type="button"
        className={styles.shade}
        aria-label={t.closeMenu}
        tabIndex={-1}
        onClick={() => setMenuOpen(false)}
      />
      <div className={styles.main}>
        <header className={styles.bar}>
          <span className={styles.onlyPhone}>
            <Button
              look="ghost"
              isIcon
              label={isMenuOpen ? t.closeMenu : t.openMenu}
              onPress={() => setMenuOpen(!isMenuOpen)}
            >
              <Menu size={18} />
            </Button>
          </span>
          <button type="button" className={styles.palette} onClick={() => setOpen('palette')}>
            <Search size={14} aria-hidden="true" />
            <span>{t.palette}</span>
            <kbd aria-hidden="true">{paletteKeys.join(isMac ? '' : ' ')}</kbd>
          </button>
          <TopButtons showHelp={() => setOpen('help')} />
        </header>
        <main id="content" className={styles.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette isOpen={open === 'palette'} onClose={() => setOpen(null)} />
      <Help isOpen={open === 'help'} onClose={() => setOpen(null)} />
      <Toasts />
    </div>
  )
}

function SideBar() {
  const t = useShellTexts()
  const may = useMay()
  return (
    <nav className={styles.side} aria-label={t.navigation}>
      <Link to="/" className={styles.brand ?? ''}>
        <img src="/yagura.svg" alt="" />
        Yagura
      </Link>
      {navigation.map(({ group, entries }) => {
        const offered = entries.filter((it) => may(it.needs))
        if (offered.length === 0) return null
        return (
          <div key={group} className={styles.group}>
            <div className={styles.groupName}>{t.groups[group]}</div>
            <ul>
              {offered.map(({ page, to, icon: Icon }) => (
                <li key={page}>
                  <Link
                    to={to}
                    className={styles.entry ?? ''}
                    activeOptions={{ includeSearch: false, exact: to === '/' }}
                  >
                    <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                    {t.pages[page]}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </nav>
  )
}

function TopButtons({ showHelp }: { showHelp: () => void }) {
  const t = useShellTexts()
  const common = useCommon()
  const lang = useLang()
  const theme = useTheme()
  const router = useRouter()
  const { data: session } = useQuery(sessionQuery)
  const ThemeIcon = themes.find(([it]) => it === theme)?.[1] ?? Monitor
  const signOut = useSignOut()
  return (
    <>
      <span className={styles.notOnPhone}>
        <Button look="ghost" isIcon label={t.help} onPress={showHelp}>
          <CircleHelp size={16} />
        </Button>
      </span>
      <MenuButton
        label={t.theme}
        groups={[themes.map(([id, icon]) => ({ id, icon, name: t.themes[id], run: () => setTheme(id) }))]}
      >
        <Button look="ghost" isIcon label={t.theme}>
          <ThemeIcon size={16} />
        </Button>
      </MenuButton>
      <Button look="ghost" label={t.language} onPress={() => setLang(lang === 'ja' ? 'en' : 'ja')}>
        <Languages size={16} />
        <span className={styles.notOnPhone} lang={lang === 'ja' ? 'en' : 'ja'}>
          {lang === 'ja' ? 'English' : '日本語'}
        </span>
      </Button>
      {session && (
        <MenuButton
          label={t.user}
          heading={t.signedInAs(session.User.Name, common.role[session.User.Role])}
          groups={[
            [
              {
                id: 'settings',
                icon: Settings,
                name: t.pages.settings,
                run: () => void router.navigate({ to: '/settings' }),
              },
            ],
            [{ id: 'out', icon: LogOut, name: t.signOut, run: () => void signOut() }],
          ]}
        >
          <Button look="ghost" label={`${t.user}: ${session.User.Name}`}>
            <Initial of={session.User.Name} />
          </Button>
        </MenuButton>
      )}
    </>
  )
}

function Initial({ of }: { of: string }) {
  return (
    <span
      aria-hidden="true"
      style={{
        display: 'grid',
        placeItems: 'center',
        width: '1.5rem',
        height: '1.5rem',
        borderRadius: '50%',
        background: 'var(--accent-soft)',
        color: 'var(--accent)',
        fontSize: 'var(--size-12)',
        fontWeight: 600,
      }}
    >
      {[...of][0]?.toUpperCase()}
    </span>
  )
}
