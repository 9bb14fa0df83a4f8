import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { type JSX, useEffect } from 'react'
import { RouterProvider } from 'react-router'
import { cssVariables, theme } from '../ui/theme/theme.ts'
import { forgetOnAccountChange, queryClient } from './queryClient.ts'
import { router } from './router.tsx'

const colorSchemeManager = localStorageColorSchemeManager({ key: 'medsync-colour-scheme' })

/** The whole app. */
export function App(): JSX.Element {
  useEffect(() => forgetOnAccountChange(), [])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
