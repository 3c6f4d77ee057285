"use strict";
// Without this script everything can be read: it only filters tables, and opens what a link points into.
const openTo = target => {
  for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
};
const followed = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) { openTo(target); target.scrollIntoView(); }
};
addEventListener("hashchange", followed);
if (location.hash) followed();

for (const filters of document.querySelectorAll(".filters")) {
  const rows = [...document.querySelectorAll(`#${filters.dataset.rows} [data-row]`)];
  const told = filters.querySelector("output"), words = filters.querySelector("input[type=search]");
  const chosen = [...filters.querySelectorAll("[data-by]")];
  const fits = row => chosen.every(each => {
    const held = row.dataset[each.dataset.by] || "";
    if (!each.value) return true;
    if (each.dataset.is === "from") return !held || held.slice(0, each.value.length) >= each.value;
    if (each.dataset.is === "to") return !held || held.slice(0, each.value.length) <= each.value;
    return each.dataset.is === "one" ? held.split("\n").includes(each.value) : held === each.value;
  });
  // A long table is shown whole only when that is asked for.
  let most = +filters.dataset.most || Infinity;
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = shown >= most || !(fits(row) && wanted.every(word => text.includes(word)));
      shown += !row.hidden;
    }
    told.value = `${shown} of ${rows.length} shown`;
  };
  filters.addEventListener("input", filter);
  filters.querySelector("button").addEventListener("click", () => {
    for (const each of [words, ...chosen]) each.value = "";
    most = Infinity;
    filter();
    words.focus();
  });
  filters.hidden = false;
  filter();
}

for (const button of document.querySelectorAll("button[data-unfolds]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    for (const each of document.querySelectorAll(`#${button.dataset.unfolds} details`)) each.open = open;
    button.setAttribute("aria-expanded", String(open));
  });
}

let opened = [];
addEventListener("beforeprint", () => {
  // Of many answers those behind the first few stay as the reader left them.
  opened = [...document.querySelectorAll("details:not([open])")].filter(each => !each.closest(".later"));
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
