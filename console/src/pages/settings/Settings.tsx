// One's own sign-in, tokens, and for administrators the users.
import { getRouteApi } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useMay } from '../../api/session'
import { PageHeader } from '../../parts/Page'
import { Empty } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { useCommon } from '../../texts/common'
import { SignInSettings } from './SignInSettings'
import { tabs } from './search'
import { Tokens } from './Tokens'
import { Users } from './Users'
import { useSettingsTexts } from './words'

const route = getRouteApi('/signed-in/settings')

export default function Settings() {
  const t = useSettingsTexts()
  const common = useCommon()
  const may = useMay()
  const { tab = 'sign-in' } = route.useSearch()
  const offered = tabs.filter((it) => it !== 'users' || may('administer'))
  return (
    <>
      <PageHeader title={t.title} />
      <Tabs label={t.tabs} current={tab} tabs={offered.map((id) => ({ id, name: t[id] }))} />
      {tab === 'sign-in' && <SignInSettings />}
      {tab === 'tokens' && <Tokens />}
      {tab === 'users' &&
        (may('administer') ? (
          <Users />
        ) : (
          <Empty icon={Lock} title={common.problems.forbidden}>
            {common.notAllowed(common.permission.administer)}
          </Empty>
        ))}
    </>
  )
}
