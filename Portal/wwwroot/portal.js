// What works without a circuit: theme, navigation drawer, menus that close, dialogs. Loaded as a module on every page.
const root = document.documentElement;

function setTheme(theme) {
  root.dataset.theme = theme;
  document.cookie = `portal.theme=${theme}; path=/; max-age=31536000; samesite=lax` + (location.protocol === 'https:' ? '; secure' : '');
}

document.addEventListener('click', e => {
  const target = e.target instanceof Element ? e.target : null;
  if (!target) return;
  if (target.closest('[data-theme-toggle]')) {
    const dark = root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    setTheme(dark ? 'light' : 'dark');
  }
  if (target.closest('[data-nav-toggle]') || target.closest('.shell-nav a')) {
    const shell = document.querySelector('.shell');
    const open = target.closest('[data-nav-toggle]') ? shell?.classList.toggle('nav-open') : (shell?.classList.remove('nav-open'), false);
    document.querySelector('.nav-toggle')?.setAttribute('aria-expanded', String(!!open));
  }
  // A menu closes when something else is clicked, or something in it is chosen.
  for (const menu of document.querySelectorAll('details.menu[open], details.filter[open]'))
    if (!menu.contains(target) || (menu.matches('.menu') && target.closest('a, button, li > label'))) menu.open = false;
});

document.addEventListener('keydown', e => {
  if (e.key === 'Escape')
    for (const menu of document.querySelectorAll('details.menu[open], details.filter[open]')) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
});

// A page kept by the browser's back button after signing out must not show what it showed.
addEventListener('pageshow', e => { if (e.persisted) location.reload(); });
