// Tokens of programs: one's own, for administrators everybody's.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { answer, client, ProblemError, type Schemas } from '../../api/client'
import { useMay, useSession } from '../../api/session'
import { useSignOut } from '../../app/signOut'
import { Badge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Code'
import { Confirm } from '../../parts/Confirm'
import { AuthenticatorCode, Password } from '../../parts/Credentials'
import { column, DataTable } from '../../parts/DataTable'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Form, FormButtons, Select, TextField } from '../../parts/Field'
import { Empty, Loaded, Note } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import styles from './Settings.module.css'
import { useSettingsTexts } from './words'

type Token = Schemas['ApiToken']

const permissions = ['read', 'triage', 'approve', 'administer'] as const

const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () => (await answer(client.GET('/api/tokens'))).Tokens,
})

export function Tokens() {
  const t = useSettingsTexts()
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  return (
    <>
      <div className={styles.top}>
        <p>{t.tokensLead}</p>
        <Button look="primary" onPress={() => setMaking(true)}>
          {t.newToken}
        </Button>
      </div>
      <Loaded from={useQuery(tokensQuery)}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Empty icon={KeyRound} title={t.noTokensTitle}>
              {t.noTokens}
            </Empty>
          ) : (
            <List of={tokens} />
          )
        }
      </Loaded>
      <Dialog title={t.newToken} isOpen={isMaking} onClose={() => setMaking(false)}>
        <NewToken
          onClose={() => setMaking(false)}
          onMade={(secret) => {
            setMaking(false)
            setMade(secret)
          }}
        />
      </Dialog>
      <Dialog title={t.madeTitle} isOpen={made !== null} onClose={() => setMade(null)}>
        <p className={styles.lead}>{t.made}</p>
        <Code text={made ?? ''} />
        <div className={styles.secret} />
        <FormButtons>
          <Button look="primary" onPress={() => setMade(null)}>
            {t.understood}
          </Button>
        </FormButtons>
      </Dialog>
    </>
  )
}

function List({ of: tokens }: { of: Token[] }) {
  const t = useSettingsTexts()
  const common = useCommon()
  const tell = useTell()
  const cache = useQueryClient()
  const [gone, setGone] = useState<Token | null>(null)
  const columns = useMemo(
    () => [
      column<Token>('name', t.tokenName, (it) => it.Name, { phone: 'whole' }),
      column<Token>('owner', t.owner, (it) => it.Owner, { width: 'minmax(0, 9rem)' }),
      column<Token>('permission', t.permission, (it) => <Badge>{common.permission[it.Permission]}</Badge>, {
        width: '7rem',
      }),
      column<Token>('used', t.used, (it) => (it.UsedAt ? <Time at={it.UsedAt} /> : common.never), { width: '7rem' }),
      column<Token>('ends', t.ends, (it) => <Time at={it.ExpiresAt} look="day" />, { width: '8rem' }),
      column<Token>(
        'remove',
        '',
        (it) => (
          <Button isIcon isSmall look="ghost" label={t.removeToken(it.Name)} onPress={() => setGone(it)}>
            <Trash2 size={14} />
          </Button>
        ),
        { width: '2rem', align: 'end' },
      ),
    ],
    [t, common],
  )
  return (
    <>
      <DataTable label={t.tokens} rows={tokens} columns={columns} getKey={(it) => String(it.Id)} />
      {gone && (
        <Confirm
          title={t.removeToken(gone.Name)}
          text={t.removeTokenSure(gone.Name)}
          action={common.remove}
          onClose={() => setGone(null)}
          run={async () => {
            await answer(client.DELETE('/api/tokens/{id}', { params: { path: { id: gone.Id } } }))
            tell.done(t.tokenRemoved)
            await cache.invalidateQueries({ queryKey: ['tokens'] })
          }}
        />
      )}
    </>
  )
}

function NewToken({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const t = useSettingsTexts()
  const common = useCommon()
  const may = useMay()
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [permission, setPermission] = useState<Schemas['Permission']>('read')
  const [days, setDays] = useState('90')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const user = useSession()?.User
  // Who signs in elsewhere has no password here: they prove who they are by signing in.
  const isExternal = user?.IsExternal ?? false
  const hasTotp = user?.HasTotp ?? false
  const make = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/tokens', {
          body: {
            Name: name.trim(),
            Permission: permission,
            Days: Number(days),
            Password: isExternal ? null : password,
            Code: hasTotp ? code.trim() : null,
          },
        }),
      ),
    onSuccess: async ({ Secret: secret }) => {
      onMade(secret)
      await cache.invalidateQueries({ queryKey: ['tokens'] })
    },
  })
  return (
    <Form onSubmit={() => make.mutate()}>
      <TextField label={t.tokenName} value={name} onChange={setName} required autoComplete="off" />
      <Select
        label={t.permission}
        value={permission}
        options={permissions.filter(may).map((it) => [it, common.permission[it]] as const)}
        onChange={setPermission}
      />
      <TextField
        label={t.days}
        hint={t.daysHint}
        type="number"
        min={1}
        max={366}
        value={days}
        onChange={setDays}
        required
      />
      {!isExternal && <Password label={t.current} hint={t.proofHint} value={password} onChange={setPassword} />}
      {hasTotp && (
        <AuthenticatorCode label={t.totpCode} hint={t.totpCodeHint} value={code} onChange={setCode} required />
      )}
      {isTooOld(make.error) ? <SignInAgain /> : <Note error={make.error} />}
      <CancelOrSend onCancel={onClose} send={t.make} isBusy={make.isPending} />
    </Form>
  )
}

function isTooOld(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'sign-in-again'
}

/** Tells who signed in too long ago, and leads them to the sign-in and back. */
function SignInAgain() {
  const t = useSettingsTexts()
  const signOut = useSignOut()
  return (
    <>
      <Note title={t.signInAgainTitle} detail={t.signInAgainDetail} tone="warn" />
      <FormButtons>
        <Button onPress={() => void signOut('/settings?tab=tokens')}>{t.signInAgain}</Button>
      </FormButtons>
    </>
  )
}
