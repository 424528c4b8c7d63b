// Everybody who may sign in.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useMemo, useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useSession } from '../../api/session'
import { Badge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Under } from '../../parts/Cell'
import { Confirm } from '../../parts/Confirm'
import { column, DataTable } from '../../parts/DataTable'
import { Dialog } from '../../parts/Dialog'
import { MenuButton } from '../../parts/MenuButton'
import { Loaded } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import styles from './Settings.module.css'
import { EditUser, NewUser, UserPassword, useUserChange } from './UserForms'
import { useSettingsTexts } from './words'

type User = Schemas['User']
type Doing = { what: 'edit' | 'password' | 'remove'; user: User } | null

const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => (await answer(client.GET('/api/users'))).Users,
})

export function Users() {
  const t = useSettingsTexts()
  const [isAdding, setAdding] = useState(false)
  const [doing, setDoing] = useState<Doing>(null)
  const done = () => setDoing(null)
  return (
    <>
      <div className={styles.top}>
        <p>{t.usersLead}</p>
        <Button look="primary" onPress={() => setAdding(true)}>
          {t.newUser}
        </Button>
      </div>
      <Loaded from={useQuery(usersQuery)}>{(users) => <List of={users} setDoing={setDoing} />}</Loaded>
      <Dialog title={t.newUser} isOpen={isAdding} onClose={() => setAdding(false)}>
        <NewUser onClose={() => setAdding(false)} />
      </Dialog>
      {doing?.what === 'edit' && (
        <Dialog title={t.editTitle(doing.user.Name)} isOpen onClose={done}>
          <EditUser user={doing.user} onClose={done} />
        </Dialog>
      )}
      {doing?.what === 'password' && (
        <Dialog title={t.editTitle(doing.user.Name)} isOpen onClose={done}>
          <UserPassword user={doing.user} onClose={done} />
        </Dialog>
      )}
      {doing?.what === 'remove' && <Remove user={doing.user} onClose={done} />}
    </>
  )
}

function List({ of: users, setDoing }: { of: User[]; setDoing: (doing: Doing) => void }) {
  const t = useSettingsTexts()
  const common = useCommon()
  const format = useFormats()
  const me = useSession()?.User.Name
  const columns = useMemo(
    () => [
      column<User>(
        'name',
        t.name,
        (it) => (
          <>
            {it.Name} {it.Name === me && <Badge tone="accent">{t.you}</Badge>}{' '}
            {it.IsDisabled && <Badge tone="warn">{t.disabled}</Badge>}
            {it.Projects.length > 0 && <Under>{format.list(it.Projects)}</Under>}
          </>
        ),
        { phone: 'first' },
      ),
      column<User>('role', t.role, (it) => common.role[it.Role], { width: '10rem' }),
      column<User>('totp', t.authenticator, (it) => (it.HasTotp ? t.totpOn : t.totpOff), {
        width: '7rem',
        phone: 'hide',
      }),
      column<User>('since', t.since, (it) => <Time at={it.CreatedAt} look="day" />, { width: '8rem', phone: 'hide' }),
      column<User>('actions', '', (it) => <Actions user={it} isMe={it.Name === me} setDoing={setDoing} />, {
        width: '2rem',
        align: 'end',
      }),
    ],
    [t, common, format, me, setDoing],
  )
  return <DataTable label={t.users} rows={users} columns={columns} getKey={(it) => it.Name} />
}

type ActionsProps = { user: User; isMe: boolean; setDoing: (doing: Doing) => void }

function Actions({ user, isMe, setDoing }: ActionsProps) {
  const t = useSettingsTexts()
  const tell = useTell()
  const change = useUserChange(user.Name, () => undefined)
  const refusal = isMe ? t.notYourself : undefined
  return (
    <MenuButton
      label={t.actions(user.Name)}
      groups={[
        [
          { id: 'edit', name: t.edit, refusal, run: () => setDoing({ what: 'edit', user }) },
          {
            id: 'password',
            name: t.newPassword,
            refusal: isMe ? t.ownPassword : undefined,
            run: () => setDoing({ what: 'password', user }),
          },
          {
            id: 'disable',
            name: user.IsDisabled ? t.enable : t.disable,
            refusal,
            run: () => change.mutate({ IsDisabled: !user.IsDisabled }, { onError: tell.failed }),
          },
        ],
        [{ id: 'remove', name: t.removeUser, refusal, run: () => setDoing({ what: 'remove', user }) }],
      ]}
    >
      <Button isIcon isSmall look="ghost" label={t.actions(user.Name)}>
        <Ellipsis size={16} />
      </Button>
    </MenuButton>
  )
}

function Remove({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useSettingsTexts()
  const common = useCommon()
  const tell = useTell()
  const cache = useQueryClient()
  return (
    <Confirm
      title={t.removeUserTitle(user.Name)}
      text={t.removeUserSure}
      action={common.remove}
      onClose={onClose}
      run={async () => {
        await answer(client.DELETE('/api/users/{name}', { params: { path: { name: user.Name } } }))
        tell.done(t.removed(user.Name))
        await cache.invalidateQueries({ queryKey: ['users'] })
      }}
    />
  )
}
