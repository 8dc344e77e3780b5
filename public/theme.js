// Loaded blocking in the head, before the first paint: marks that scripts run, and applies the stored theme without a flash.
(() => {
  const root = document.documentElement;
  root.dataset.js = '';
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  } catch {
    // Storage is forbidden: follow the system.
  }
})();
