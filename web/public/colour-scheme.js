// Sets light or dark before the first paint. A file of its own, because the content security policy allows no inline script.
;(() => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
  let chosen = 'auto'
  try {
    chosen = window.localStorage.getItem('medsync-colour-scheme') ?? 'auto'
  } catch (error) {
    console.info('The colour scheme cannot be remembered here.', error instanceof Error ? error.name : '')
  }
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
