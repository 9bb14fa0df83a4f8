import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `vite` (development only) finds a running gateway; in production the gateway itself serves `dist`. */
const gateway = process.env['MEDSYNC_GATEWAY'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': { target: gateway, changeOrigin: true }, '/samples': { target: gateway, changeOrigin: true } },
  },
  build: {
    target: 'es2023',
    // Fonts stay files of our own: a `data:` font would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'frame', test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui|react-remove-scroll|clsx)/ },
            { name: 'starknet', test: /node_modules[\\/](starknet|@starknet-io|abi-wan-kanabi|ox)[\\/]/ },
          ],
        },
      },
    },
  },
})
