// The forms about users: adding one, changing what one is, setting a password.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { NewPassword } from '../../parts/Credentials'
import { CancelOrSend, Form, Select, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useSettingsTexts } from './words'

type Role = Schemas['Role']

const roles: Role[] = ['project-member', 'viewer', 'triager', 'approver', 'administrator']

function named(projects: string): string[] {
  return projects
    .split(/[,、]/)
    .map((it) => it.trim())
    .filter((it) => it !== '')
}

/** Sends a change to a user, tells how it went, and closes. */
export function useUserChange(name: string, onDone: () => void) {
  const t = useSettingsTexts()
  const tell = useTell()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (change: Schemas['UserChange']) =>
      answer(client.PATCH('/api/users/{name}', { params: { path: { name } }, body: change })),
    onSuccess: async () => {
      tell.done(t.saved(name))
      onDone()
      await cache.invalidateQueries({ queryKey: ['users'] })
    },
  })
}

type RoleFieldsProps = {
  role: Role
  setRole: (role: Role) => void
  projects: string
  setProjects: (projects: string) => void
}

function RoleFields({ role, setRole, projects, setProjects }: RoleFieldsProps) {
  const t = useSettingsTexts()
  const common = useCommon()
  return (
    <>
      <Select
        label={t.role}
        hint={t.roles[role]}
        value={role}
        options={roles.map((it) => [it, common.role[it]] as const)}
        onChange={setRole}
      />
      {role === 'project-member' && (
        <TextField
          label={t.projects}
          hint={t.projectsHint}
          value={projects}
          onChange={setProjects}
          autoComplete="off"
          required
        />
      )}
    </>
  )
}

export function NewUser({ onClose }: { onClose: () => void }) {
  const t = useSettingsTexts()
  const tell = useTell()
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [projects, setProjects] = useState('')
  const [password, setPassword] = useState('')
  const add = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/users', {
          body: {
            Name: name.trim(),
            Role: role,
            Password: password,
            Projects: role === 'project-member' ? named(projects) : [],
          },
        }),
      ),
    onSuccess: async () => {
      tell.done(t.added(name.trim()))
      onClose()
      await cache.invalidateQueries({ queryKey: ['users'] })
    },
  })
  return (
    <Form onSubmit={() => add.mutate()}>
      <TextField label={t.name} value={name} onChange={setName} required autoComplete="off" />
      <RoleFields role={role} setRole={setRole} projects={projects} setProjects={setProjects} />
      <NewPassword label={t.firstPassword} hint={t.firstPasswordHint} value={password} onChange={setPassword} />
      <Note error={add.error} />
      <CancelOrSend onCancel={onClose} send={t.add} isBusy={add.isPending} />
    </Form>
  )
}

export function EditUser({ user, onClose }: { user: Schemas['User']; onClose: () => void }) {
  const common = useCommon()
  const [role, setRole] = useState<Role>(user.Role)
  const [projects, setProjects] = useState(user.Projects.join(', '))
  const change = useUserChange(user.Name, onClose)
  return (
    <Form onSubmit={() => change.mutate({ Role: role, Projects: role === 'project-member' ? named(projects) : [] })}>
      <RoleFields role={role} setRole={setRole} projects={projects} setProjects={setProjects} />
      <Note error={change.error} />
      <CancelOrSend onCancel={onClose} send={common.save} isBusy={change.isPending} />
    </Form>
  )
}

export function UserPassword({ user, onClose }: { user: Schemas['User']; onClose: () => void }) {
  const t = useSettingsTexts()
  const common = useCommon()
  const [password, setPassword] = useState('')
  const change = useUserChange(user.Name, onClose)
  return (
    <Form onSubmit={() => change.mutate({ Password: password })}>
      <NewPassword label={t.next} hint={t.firstPasswordHint} value={password} onChange={setPassword} />
      <Note error={change.error} />
      <CancelOrSend onCancel={onClose} send={common.save} isBusy={change.isPending} />
    </Form>
  )
}
