// The words of messages to people, which their page and those of findings and incidents use.
import { deliveries as en } from './en/deliveries'
import { useTexts, type Words } from './index'
import { deliveries as ja } from './ja/deliveries'

export function useDeliveriesTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
