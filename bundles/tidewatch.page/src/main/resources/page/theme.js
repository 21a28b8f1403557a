// Sets the theme before the page is drawn. A plain script: modules run later.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  try {
    root.dataset.theme = localStorage.getItem('tidewatch.theme') ?? 'automatic';
  } catch {
    root.dataset.theme = 'automatic';
  }
  const apply = () => root.toggleAttribute('data-dark', root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && dark.matches));
  dark.addEventListener('change', apply);
  new MutationObserver(apply).observe(root, { attributeFilter: ['data-theme'] });
  apply();
})();
