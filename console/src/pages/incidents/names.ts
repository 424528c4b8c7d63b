// How an incident is called: by who acted.
import type { Schemas } from '../../api/client'
import { useFormats } from '../../texts/format'
import { useIncidentTexts } from '../../texts/incidents'

export function useIncidentTitle(): (incident: Schemas['Incident']) => string {
  const t = useIncidentTexts()
  const format = useFormats()
  return ({ Actors: actors }) => {
    const names = actors.map((it) => it.Name || it.Principal)
    if (names.length === 0) return t.by(t.unknownActor)
    if (names.length <= 2) return t.by(format.list(names))
    return t.byMore(format.list(names.slice(0, 2)), format.number(names.length - 2))
  }
}
