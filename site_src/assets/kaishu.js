// What every page does: appearance, menu on phones, copy buttons. Pages are whole without it.
const lang = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
const WORDS = { zh: { copy: '复制', copied: '已复制' }, en: { copy: 'Copy', copied: 'Copied' } }[lang]

const theme = document.getElementById('theme')
const show = () => {
  const label = theme.dataset[globalThis.kaishuTheme.get()]
  theme.setAttribute('aria-label', label)
  theme.title = label
}
theme.hidden = false
show()
theme.addEventListener('click', () => {
  const order = ['auto', 'light', 'dark']
  globalThis.kaishuTheme.set(order[(order.indexOf(globalThis.kaishuTheme.get()) + 1) % order.length])
  show()
})

const button = document.getElementById('menu-button')
const menu = document.getElementById('menu')
button.hidden = false
const open = (yes) => {
  button.setAttribute('aria-expanded', String(yes))
  menu.classList.toggle('open', yes)
}
button.addEventListener('click', () => open(button.getAttribute('aria-expanded') !== 'true'))
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && button.getAttribute('aria-expanded') === 'true') {
    open(false)
    button.focus()
  }
})

function copyButton(source) {
  const copy = document.createElement('button')
  copy.type = 'button'
  copy.className = 'copy'
  copy.textContent = WORDS.copy
  copy.addEventListener('click', async () => {
    await write(source)
    copy.textContent = WORDS.copied
    setTimeout(() => (copy.textContent = WORDS.copy), 2000)
  })
  return copy
}

// The clipboard's interface is missing on plain http; then the text is selected and copied the old way.
async function write(source) {
  if (navigator.clipboard) return navigator.clipboard.writeText(source.textContent)
  getSelection().selectAllChildren(source)
  document.execCommand('copy')
}

for (const block of document.querySelectorAll('.code, .md-typeset .highlight')) {
  const code = block.querySelector('code')
  if (code) block.append(copyButton(code))
}
for (const code of document.querySelectorAll('.copyable')) code.after(' ', copyButton(code))
