"use strict";
for (const table of document.querySelectorAll("table.main")) {
  const plan = table.closest("section");
  const fold = table.closest("details");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const controls = plan.querySelector("template.controls-template").content.cloneNode(true);
  const text = controls.querySelector("input");
  const verdict = controls.querySelector("select") ?? { value: "", addEventListener() {} };
  const shown = controls.querySelector("output");
  const say = () => {
    const wanted = text.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      row.hidden = !(row.textContent.toLowerCase().includes(wanted) && (!verdict.value || row.dataset.verdict === verdict.value));
      n += !row.hidden;
    }
    if (fold) fold.open = Boolean(wanted || verdict.value);
    shown.value = wanted || verdict.value ? shown.dataset.text.replace("{k}", n).replace("{n}", rows.length) : "";
  };
  text.addEventListener("input", say);
  verdict.addEventListener("change", say);
  (fold ?? table.closest(".scroll")).before(controls);
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const key = (row) => row.cells[column].dataset.sort ?? "";
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === "" || y === "") return (x === "") - (y === "");
        const sign = head.dataset.sort === "number" ? x - y : x.localeCompare(y, document.documentElement.lang);
        return down ? -sign : sign;
      };
      body.append(...[...rows].sort(order));
    });
  });
}
