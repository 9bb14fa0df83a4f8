import type { JSX } from 'react'
import { FacilitiesPanel } from '../../features/allocation/FacilitiesPanel.tsx'
import { SpecialistsPanel } from '../../features/allocation/SpecialistsPanel.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { TextLink } from '../../ui/TextLink.tsx'

/** What the hospital has to offer: where, who, when, for how many. */
export function SupplyPage(): JSX.Element {
  return (
    <Page
      title="Facilities and specialists"
      eyebrow={<TextLink to="/hospital/places">Places</TextLink>}
      lead="What your hospital can offer to the cases of all hospitals. When something changes here, places are given anew."
    >
      <FacilitiesPanel />
      <SpecialistsPanel />
    </Page>
  )
}
