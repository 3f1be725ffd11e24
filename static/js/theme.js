// Follows the light or dark scheme of the system, before anything is drawn.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  document.documentElement.classList.add("js");
  dark.addEventListener("change", follow);
  follow();
})();
