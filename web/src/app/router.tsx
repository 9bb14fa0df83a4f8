import type { ComponentType } from 'react'
import { createBrowserRouter, type RouteObject } from 'react-router'
import { LandingPage } from './LandingPage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { RootFrame, Waiting } from './RootFrame.tsx'
import { PageError, RouteError } from './RouteError.tsx'

/** A page whose code is fetched when it is opened. */
function page(path: string, load: () => Promise<ComponentType>) {
  return { path, lazy: async () => ({ Component: await load() }) }
}

/** A portal: its frame stays when one of its pages fails or is not found. */
function portal(path: string, load: () => Promise<ComponentType>, pages: RouteObject[]): RouteObject {
  return {
    ...page(path, load),
    children: [{ errorElement: <PageError />, children: [...pages, { path: '*', element: <NotFoundPage isInPortal /> }] }],
  }
}

/** Every address of the app. */
export const routes: RouteObject[] = [
  {
    element: <RootFrame />,
    errorElement: <RouteError />,
    HydrateFallback: Waiting,
    children: [
      { path: '/', element: <LandingPage /> },
      portal('/patient', async () => (await import('../portals/patient/PatientPortal.tsx')).PatientPortal, [
        page('', async () => (await import('../portals/patient/PatientHomePage.tsx')).PatientHomePage),
        page('records', async () => (await import('../portals/patient/RecordsPage.tsx')).RecordsPage),
        page('consents', async () => (await import('../portals/patient/ConsentsPage.tsx')).ConsentsPage),
        page('consents/new', async () => (await import('../portals/patient/NewConsentPage.tsx')).NewConsentPage),
        page('consents/:commitment/change', async () => (await import('../portals/patient/ChangeConsentPage.tsx')).ChangeConsentPage),
        page('accesses', async () => (await import('../portals/patient/AccessesPage.tsx')).AccessesPage),
        page('invitations', async () => (await import('../portals/patient/InvitationsPage.tsx')).InvitationsPage),
        page('invitations/:invitation', async () => (await import('../portals/patient/InvitationPage.tsx')).InvitationPage),
        page('rewards', async () => (await import('../portals/patient/RewardsPage.tsx')).RewardsPage),
      ]),
      portal('/research', async () => (await import('../portals/research/ResearchPortal.tsx')).ResearchPortal, [
        page('', async () => (await import('../portals/research/ResearchHomePage.tsx')).ResearchHomePage),
        page('studies', async () => (await import('../portals/research/StudiesPage.tsx')).StudiesPage),
        page('studies/new', async () => (await import('../portals/research/NewStudyPage.tsx')).NewStudyPage),
        page('trials', async () => (await import('../portals/research/TrialsPage.tsx')).TrialsPage),
        page('trials/:study', async () => (await import('../portals/research/TrialPage.tsx')).TrialPage),
        page('consents', async () => (await import('../portals/research/GrantsPage.tsx')).GrantsPage),
        page('requests', async () => (await import('../portals/research/RequestsPage.tsx')).RequestsPage),
        page('requests/:digest', async () => (await import('../portals/research/ReleasePage.tsx')).ReleasePage),
        page('key', async () => (await import('../portals/research/KeyPage.tsx')).KeyPage),
      ]),
      portal('/hospital', async () => (await import('../portals/hospital/HospitalPortal.tsx')).HospitalPortal, [
        page('', async () => (await import('../portals/hospital/HospitalHomePage.tsx')).HospitalHomePage),
        page('cases', async () => (await import('../portals/hospital/CasesPage.tsx')).CasesPage),
        page('cases/new', async () => (await import('../portals/hospital/NewCasePage.tsx')).NewCasePage),
        page('cases/:case', async () => (await import('../portals/hospital/CasePage.tsx')).CasePage),
        page('places', async () => (await import('../portals/hospital/AllocationPage.tsx')).AllocationPage),
        page('places/supply', async () => (await import('../portals/hospital/SupplyPage.tsx')).SupplyPage),
        page('rounds', async () => (await import('../portals/hospital/RoundsPage.tsx')).RoundsPage),
        page('rounds/new', async () => (await import('../portals/hospital/NewStatisticPage.tsx')).NewStatisticPage),
        page('rounds/:round', async () => (await import('../portals/hospital/RoundPage.tsx')).RoundPage),
        page('trials', async () => (await import('../portals/hospital/HospitalTrialsPage.tsx')).HospitalTrialsPage),
        page('upload', async () => (await import('../portals/hospital/UploadPage.tsx')).UploadPage),
        page('records', async () => (await import('../portals/hospital/HospitalRecordsPage.tsx')).HospitalRecordsPage),
        page('records/:record', async () => (await import('../portals/hospital/RecordVersionsPage.tsx')).RecordVersionsPage),
        page('requests', async () => (await import('../portals/hospital/HospitalRequestsPage.tsx')).HospitalRequestsPage),
        page('circle', async () => (await import('../portals/hospital/CirclePage.tsx')).CirclePage),
        page('rewards', async () => (await import('../portals/hospital/HospitalRewardsPage.tsx')).HospitalRewardsPage),
      ]),
      page('/transactions/:hash', async () => (await import('../portals/site/TransactionPage.tsx')).TransactionPage),
      page('/limits', async () => (await import('../portals/site/LimitsPage.tsx')).LimitsPage),
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]

export const router = createBrowserRouter(routes)
