import '@fontsource-variable/figtree/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@mantine/core/styles.css'
import './ui/theme/tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
