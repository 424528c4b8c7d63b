// One's own sign-in, tokens, and for administrators the users.
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../api/session'
import { Allowed } from '../../parts/Allowed'
import { PageHeader } from '../../parts/Page'
import { Tabs } from '../../parts/Tabs'
import { SignInSettings } from './SignInSettings'
import { tabs } from './search'
import { Tokens } from './Tokens'
import { Users } from './Users'
import { useSettingsTexts } from './words'

const route = getRouteApi('/signed-in/settings')

export default function Settings() {
  const t = useSettingsTexts()
  const may = useMay()
  const { tab = 'sign-in' } = route.useSearch()
  const offered = tabs.filter((it) => it !== 'users' || may('administer'))
  return (
    <>
      <PageHeader title={t.title} />
      <Tabs label={t.tabs} current={tab} tabs={offered.map((id) => ({ id, name: t[id] }))} />
      {tab === 'sign-in' && <SignInSettings />}
      {tab === 'tokens' && <Tokens />}
      {tab === 'users' && (
        <Allowed needs="administer">
          <Users />
        </Allowed>
      )}
    </>
  )
}
