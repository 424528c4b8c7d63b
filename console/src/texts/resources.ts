// The words of resources, which the inventory and the page of one use.
import { resources as en } from './en/resources'
import { useTexts, type Words } from './index'
import { resources as ja } from './ja/resources'

export function useResourceTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
