// The words of incidents, which the list and the page of one use.
import { incidents as en } from './en/incidents'
import { useTexts, type Words } from './index'
import { incidents as ja } from './ja/incidents'

export function useIncidentTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
