// Light, dark, or what the system asks for. Print is always light (figures.css).
import { button } from "../figures/frame";

type Theme = "auto" | "light" | "dark";
const order: Theme[] = ["auto", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");
let wanted: Theme = "auto";

function apply(): void {
  const dark = wanted === "dark" || (wanted === "auto" && system.matches);
  document.documentElement.setAttribute("data-theme", dark ? "dark" : "light");
}

export function follow_theme(): void {
  apply();
  system.addEventListener("change", apply);
}

export function theme_button(): HTMLButtonElement {
  const made = button(
    "Colours: auto",
    "Switch between the system's colours, light and dark",
    () => {
      wanted = order[(order.indexOf(wanted) + 1) % order.length];
      made.textContent = `Colours: ${wanted}`;
      apply();
    },
  );
  made.className = "theme";
  return made;
}
