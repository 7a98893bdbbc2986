"use strict";
const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity",
  "paint-order", "font-size", "font-weight", "font-family", "text-anchor"];
const save = (href, name) => Object.assign(document.createElement("a"), { href, download: name }).click();
const alone = (svg) => {
  const copy = svg.cloneNode(true);
  const own = [copy, ...copy.querySelectorAll("*")];
  [svg, ...svg.querySelectorAll("*")].forEach((each, i) => {
    const look = getComputedStyle(each);
    for (const name of LOOKS) own[i].style.setProperty(name, look.getPropertyValue(name));
    own[i].removeAttribute("class");
  });
  const style = document.createElementNS(svg.namespaceURI, "style");
  style.textContent = (document.querySelector("style").textContent.match(/@font-face\s*{[^}]*}/g) ?? []).join("\n");
  copy.prepend(style);
  const { width, height } = svg.viewBox.baseVal;
  Object.entries({ width, height, xmlns: svg.namespaceURI }).forEach(([name, value]) => copy.setAttribute(name, value));
  return ["data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy)), width, height];
};
const forms = {
  SVG: (svg, name) => save(alone(svg)[0], name + ".svg"),
  PNG: async (svg, name) => {
    const [source, width, height] = alone(svg);
    const picture = Object.assign(new Image(), { src: source });
    await picture.decode();
    const size = Math.max(2, 1600 / width);
    const canvas = Object.assign(document.createElement("canvas"), { width: width * size, height: height * size });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    save(canvas.toDataURL(), name + ".png");
  },
};
document.querySelectorAll("figure").forEach((figure, i) => {
  const drawn = figure.querySelector(":scope > svg");
  if (!drawn) return;
  const tools = document.createElement("p");
  tools.className = "tools";
  const place = figure.closest("[id]")?.id ?? "";
  for (const [form, write] of Object.entries(forms)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = form;
    button.addEventListener("click", () => {
      write(drawn, [document.title, place, i + 1].filter(Boolean).join("-").replace(/[^\p{L}\p{N}]+/gu, "-"));
    });
    tools.append(button);
  }
  if (figure.querySelector("svg title")) {
    const said = document.createElement("output");
    figure.addEventListener("pointerover", (event) => {
      said.value = event.target.querySelector(":scope > title")?.textContent ?? said.value;
    });
    tools.prepend(said);
  }
  figure.append(tools);
});
