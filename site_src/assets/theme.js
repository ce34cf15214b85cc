// Runs before the first paint: what the reader chose must not flash in. Without a choice the system's is followed.
const key = 'kaishu-theme'
const root = document.documentElement
root.classList.add('js')
// The catalogue's full list must not show for a moment before the results that the address asks for.
if (location.search) root.classList.add('searching')

function setTheme(choice) {
  const dark = document.getElementById('dark')
  dark.media = { dark: 'screen', light: 'not all' }[choice] ?? 'screen and (prefers-color-scheme: dark)'
  root.dataset.theme = choice
}

// Storage may be forbidden; the page then follows the system.
let choice = 'auto'
try {
  choice = localStorage.getItem(key) ?? 'auto'
} catch {
  choice = 'auto'
}
if (choice !== 'auto') setTheme(choice)
globalThis.kaishuTheme = {
  get: () => root.dataset.theme ?? 'auto',
  set(value) {
    setTheme(value)
    try {
      localStorage.setItem(key, value)
    } catch {
      // The choice holds for this page only.
    }
  },
}
