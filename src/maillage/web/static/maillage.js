// What plain HTML cannot do: menus that close, the print button, maps, a lost connection said.

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A table that fits needs no stop on the way of the Tab key
const watchScrollers = () => {
  for (const region of document.querySelectorAll(".table-scroll")) {
    const overflows =
      region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight;
    if (overflows) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }
};

const arrived = new Date();
const lost = document.getElementById("connexion-perdue");

const sayLost = () => {
  if (!lost) return;
  const hour = `${arrived.getHours()} h ${String(arrived.getMinutes()).padStart(2, "0")}`;
  lost.querySelector("span").textContent = lost.dataset.words.replace("HEURE", hour);
  lost.hidden = false;
};

document.addEventListener("htmx:sendError", sayLost);
document.addEventListener("htmx:timeout", sayLost);
document.addEventListener("htmx:afterOnLoad", () => {
  arrived.setTime(Date.now());
  if (lost) lost.hidden = true;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.elt.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.removeAttribute("aria-busy");
});

// After a fragment, focus goes to what the fragment asks; the rest keeps it
document.addEventListener("htmx:afterSettle", (event) => {
  watchScrollers();
  event.detail.elt.querySelector?.("[data-focus]")?.focus();
});

for (const element of document.querySelectorAll("[data-print][hidden]")) element.hidden = false;
watchScrollers();
window.addEventListener("resize", watchScrollers);
if (document.querySelector("maillage-map")) import("./map.js");
