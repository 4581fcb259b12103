// The interactive map: the same layers, colours and shapes as the server's drawing, which it
// covers once it is ready. Without WebGL, or when a layer is missing, the drawing stays.

import {
  FullscreenControl,
  LngLatBounds,
  Map as LiveMap,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from "./vendor/maplibre-gl.mjs";
import { place } from "./labels.js";

setWorkerUrl(new URL("./vendor/maplibre-gl-worker.mjs", import.meta.url).href);

const LAND = "#ffffff";
const GROUND = "#eff3f1";
const COMMUNE = "#cbd5d0";
const TERRITORY = "#43514c";
const CELL_LINE = "#3d4d47";
const INK = "#16211e";
const FLOW = "#1f5a9b";
const ZONE = "#1f5a9b";

const WORDS = {
  "FullscreenControl.Enter": "Carte en plein écran",
  "FullscreenControl.Exit": "Quitter le plein écran",
  "NavigationControl.ZoomIn": "Agrandir la carte",
  "NavigationControl.ZoomOut": "Réduire la carte",
  "ScaleControl.Kilometers": "km",
  "ScaleControl.Meters": "m",
  "CooperativeGesturesHandler.WindowsHelpText": "Ctrl et molette pour agrandir la carte",
  "CooperativeGesturesHandler.MacHelpText": "⌘ et molette pour agrandir la carte",
  "CooperativeGesturesHandler.MobileHelpText": "Deux doigts pour déplacer la carte",
};

const SHAPES = {
  hub: '<path d="M15 3l10.4 6v12L15 27 4.6 21V9z"/>',
  mini: '<circle cx="15" cy="15" r="9.5"/>',
  corpo: '<path d="M5.5 5.5h19v19h-19z"/>',
};

const loadStyles = () =>
  new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("./vendor/maplibre-gl.css", import.meta.url).href;
    link.onload = resolve;
    link.onerror = reject;
    // before ours, which has the last word
    document.head.prepend(link);
  });

const loadLayer = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
};

const loadLayers = async (addresses) => {
  const names = Object.keys(addresses);
  const found = await Promise.all(names.map((name) => loadLayer(addresses[name])));
  return Object.fromEntries(names.map((name, n) => [name, found[n]]));
};

const boundsOf = (layers) => {
  const bounds = new LngLatBounds();
  const walk = (part) =>
    typeof part[0] === "number" ? bounds.extend(part) : part.forEach((inner) => walk(inner));
  const ground = layers.outlines ?? layers.cells;
  // without any ground, whatever is placed on it
  for (const shapes of ground ? [ground] : [layers.markers, layers.places]) {
    for (const { geometry } of shapes?.features ?? []) walk(geometry.coordinates);
  }
  return bounds;
};

// The end of a link that is not the place: a commune's town
const townsOf = (links) => ({
  type: "FeatureCollection",
  features: links.features.map(({ geometry }) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "Point", coordinates: geometry.coordinates[0] },
  })),
});

// The end of a flow that is the commune of work
const worksOf = (flows) => ({
  type: "FeatureCollection",
  features: flows.features.map(({ geometry, properties }) => ({
    type: "Feature",
    properties,
    geometry: { type: "Point", coordinates: geometry.coordinates[1] },
  })),
});

const colourOf = (view, colours) => {
  const ofClass = ["coalesce", ["get", view ? `class_${view}` : "class"], -1];
  return ["match", ofClass, ...colours.flatMap((colour, n) => [n, colour]), LAND];
};

const styleOf = (layers, { view, colours }) => {
  const style = {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }],
  };
  const add = (id, data, type, paint, rest = {}) => {
    if (!data) return;
    style.sources[id] = { type: "geojson", data };
    style.layers.push({ id, source: id, type, paint, ...rest });
  };
  const kind = (name) => ({ filter: ["==", ["get", "kind"], name] });
  const { outlines, cells, links, flows, zones } = layers;
  const driven = (name) => ({ filter: ["==", ["get", "case"], name] });
  add("land", outlines, "fill", { "fill-color": LAND }, kind("territory"));
  add("communes", outlines, "line", { "line-color": COMMUNE }, kind("commune"));
  add("cells", cells, "fill", {
    "fill-color": colourOf(view, colours),
    "fill-outline-color": CELL_LINE,
  });
  add("zones-slow", zones, "fill", { "fill-color": ZONE, "fill-opacity": 0.25 }, driven("low"));
  add("zones-central", zones, "line", { "line-color": ZONE, "line-width": 2.2 }, driven("central"));
  add("border", outlines, "line", { "line-color": TERRITORY, "line-width": 1.6 }, kind("territory"));
  add("links", links, "line", { "line-color": INK, "line-width": 1.3 });
  add("flows", flows, "line", {
    "line-color": FLOW,
    "line-opacity": 0.7,
    "line-width": ["get", "width"],
  }, { layout: { "line-cap": "round" } });
  add("works", flows && worksOf(flows), "circle", {
    "circle-radius": ["+", 2, ["/", ["get", "width"], 2]],
    "circle-color": FLOW,
  });
  add("towns", links && townsOf(links), "circle", { "circle-radius": 3, "circle-color": INK });
  return style;
};

const pin = ({ id, tier, seats, label }) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-pin";
  button.dataset.key = id;
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-pressed", "false");
  button.tabIndex = -1;
  button.innerHTML =
    '<svg viewBox="0 0 30 30" aria-hidden="true"><circle class="chosen" cx="15" cy="15" r="16"/>' +
    `<g class="shape-${tier}">${SHAPES[tier] ?? SHAPES.mini}</g></svg><span aria-hidden="true"></span>`;
  button.querySelector("span").textContent = seats;
  return button;
};

const quietMark = (className) => {
  const mark = document.createElement("span");
  mark.className = className;
  mark.role = "none";
  mark.setAttribute("aria-hidden", "true");
  return mark;
};

// Where no map moves, each try is a whole page with its drawing
const wholePage = (event) => {
  const { boosted, pathInfo } = event.detail;
  if (!boosted) return;
  event.preventDefault();
  window.location.assign(`${pathInfo.finalRequestPath}#lieu`);
};

class MaillageMap extends HTMLElement {
  async connectedCallback() {
    this.given = JSON.parse(document.getElementById(this.dataset.source).textContent);
    this.stage = this.closest(".map-stage");
    const drawnFor = this.triedNow();
    try {
      const [layers] = await Promise.all([loadLayers(this.given.layers), loadStyles()]);
      this.show(layers);
    } catch (error) {
      // the server's drawing says the same
      this.stage.classList.remove("is-live");
      console.warn(error);
      if (!this.given.tried) return;
      document.addEventListener("htmx:beforeRequest", wholePage);
      // somebody tried something while the map was on its way: the drawing is of before
      if (this.triedNow() !== drawnFor) window.location.reload();
    }
  }

  triedNow() {
    return document.getElementById(this.given.tried)?.dataset.tried;
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this.whenSettled);
    this.map?.remove();
  }

  show(layers) {
    const box = document.createElement("div");
    box.className = "map-live";
    this.append(box);
    this.stage.classList.add("is-live");
    const bounds = this.given.bounds ? LngLatBounds.convert(this.given.bounds) : boundsOf(layers);
    this.map = new LiveMap({
      container: box,
      style: styleOf(layers, this.given),
      bounds,
      fitBoundsOptions: { padding: { top: 68, right: 24, bottom: 36, left: 24 } },
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 14,
      fadeDuration: 0,
      locale: { ...WORDS, "Map.Title": this.getAttribute("aria-label") },
    });
    this.removeAttribute("aria-label");
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new FullscreenControl({ container: this.stage }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-right");
    this.addPins(layers.markers?.features ?? []);
    this.addNames(layers);
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.leave();
    });
    this.layers = layers;
    this.map.once("idle", () => {
      this.stage.dataset.ready = "true";
    });
    if (this.given.tried) this.follow();
  }

  // What is tried on a scenario: the page says it, the map moves what a move changes
  follow() {
    const read = () => {
      const said = this.triedNow();
      // each piece of an answer settles in turn: the same words are drawn once
      if (!said || said === this.said) return;
      this.said = said;
      this.showTried(JSON.parse(said));
    };
    this.map.once("load", read);
    this.whenSettled = read;
    document.addEventListener("htmx:afterSettle", read);
  }

  showTried(tried) {
    this.tried = tried;
    const { minutes, links, markers, labels } = tried.layers ?? {};
    const toolbar = this.stage.querySelectorAll(".map-tools a");
    for (const [n, href] of tried.views.entries()) toolbar[n]?.setAttribute("href", href);
    if (this.given.view === "after") {
      this.sayAlternative(tried.alternative);
      this.map.getSource("cells")?.setData(this.cellsWith(minutes));
      this.map.getSource("links")?.setData(links ?? this.layers.links);
      this.map.getSource("towns")?.setData(townsOf(links ?? this.layers.links));
      this.replacePins((markers ?? this.layers.markers).features);
      this.replaceNames({ ...this.layers, labels: labels ?? this.layers.labels });
    }
    this.choose(tried.selected, { opens: false });
    this.letDrag();
  }

  sayAlternative(text) {
    this.map.getCanvas().setAttribute("aria-label", text);
    this.stage.parentElement.querySelector("[data-alternative]").textContent = text;
  }

  cellsWith(minutes) {
    if (!minutes) return this.layers.cells;
    const features = this.layers.cells.features.map((cell, i) => ({
      ...cell,
      properties: { ...cell.properties, after: minutes[i][0], class_after: minutes[i][1] },
    }));
    return { ...this.layers.cells, features };
  }

  replacePins(features) {
    for (const { marker } of this.pins ?? []) marker.remove();
    this.addPins(features);
  }

  replaceNames(layers) {
    for (const { marker } of this.names ?? []) marker.remove();
    this.nameAll(layers);
    place(this.map, this.names, this.pins ?? []);
  }

  // A site dropped elsewhere goes to the nearest place that may hold one
  letDrag() {
    if (!this.dataset.drag) return;
    for (const { marker, element, at, id } of this.pins) {
      if (marker.isDraggable()) continue;
      marker.setDraggable(true);
      marker.on("dragstart", () => element.classList.add("map-drop"));
      marker.on("dragend", () => {
        element.classList.remove("map-drop");
        const { lng, lat } = marker.getLngLat();
        const nearest = this.nearestPlace(lng, lat);
        if (nearest.id === id) marker.setLngLat(at);
        else this.ask({ action: "deplacer", sur: id, vers: nearest.id });
      });
    }
  }

  nearestPlace(lng, lat) {
    const squeeze = Math.cos((lat * Math.PI) / 180);
    const far = ({ lon, lat: other }) => Math.hypot((lon - lng) * squeeze, other - lat);
    return this.tried.places.reduce((best, one) => (far(one) < far(best) ? one : best));
  }

  ask(act) {
    const address = new URL(this.tried.address, window.location.href);
    for (const [name, value] of Object.entries(act)) address.searchParams.append(name, value);
    const asked = document.createElement("a");
    asked.href = address.pathname + address.search;
    asked.hidden = true;
    // where boosted links stand: the same pieces of the page are replaced
    document.querySelector("#panneau [hx-boost]")?.append(asked);
    window.htmx.process(asked);
    asked.click();
  }

  addPins(features) {
    const seen = [];
    this.pins = features.map(({ geometry, properties }) => {
      const element = pin(properties);
      const before = seen.filter((at) => at === String(geometry.coordinates)).length;
      seen.push(String(geometry.coordinates));
      // two places of one town stand side by side
      const marker = new Marker({ element, offset: [before * 17, before * 14] })
        .setLngLat(geometry.coordinates)
        .addTo(this.map);
      element.addEventListener("click", () => this.choose(properties.id, { opens: true }));
      return { marker, element, at: geometry.coordinates, id: properties.id };
    });
    if (!this.pins.length) return;
    this.pins[0].element.tabIndex = 0;
    if (!this.isWalked) this.addEventListener("keydown", (event) => this.walk(event));
    this.isWalked = true;
    if (this.given.selected) this.choose(this.given.selected, { opens: false });
  }

  // North to south: the arrows move among the places, one stop of the Tab key for all
  walk(event) {
    const n = this.pins.findIndex(({ element }) => element === event.target);
    if (n < 0) return;
    const last = this.pins.length - 1;
    const next = {
      ArrowDown: Math.min(n + 1, last),
      ArrowRight: Math.min(n + 1, last),
      ArrowUp: Math.max(n - 1, 0),
      ArrowLeft: Math.max(n - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.leave();
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.stopAt(next);
    this.pins[next].element.focus();
  }

  stopAt(n) {
    this.pins.forEach(({ element }, m) => {
      element.tabIndex = m === n ? 0 : -1;
    });
  }

  choose(id, { opens }) {
    this.pins.forEach(({ element, id: own }, n) => {
      element.setAttribute("aria-pressed", String(own === id));
      if (own === id) this.stopAt(n);
    });
    const list = document.getElementById(this.given.list);
    for (const row of list?.querySelectorAll("[data-key]") ?? []) {
      row.classList.toggle("chosen", row.dataset.key === id);
    }
    if (opens) list?.querySelector(`[data-key="${CSS.escape(id)}"] a[href]`)?.click();
  }

  leave() {
    this.stage.parentElement.querySelector("figcaption a[href^='#']")?.focus();
  }

  addNames(layers) {
    for (const { geometry } of layers.places?.features ?? []) {
      const mark = quietMark("map-place");
      mark.innerHTML = '<svg class="shape shape-existing" viewBox="0 0 20 20"><path d="M10 3 18 17H2z"/></svg>';
      new Marker({ element: mark }).setLngLat(geometry.coordinates).addTo(this.map);
    }
    this.nameAll(layers);
    const arrange = () => place(this.map, this.names, this.pins ?? []);
    this.map.on("moveend", arrange);
    this.map.on("resize", arrange);
    this.map.once("load", arrange);
  }

  nameAll(layers) {
    this.names = (layers.labels?.features ?? [])
      .sort((a, b) => a.properties.rank - b.properties.rank)
      .map(({ geometry, properties }) => {
        const { name, kind } = properties;
        const isQuiet = kind === "town" || kind === "place";
        const element = quietMark(`map-label${isQuiet ? " map-label-quiet" : ""}`);
        element.textContent = name;
        const marker = new Marker({ element, anchor: "left" })
          .setLngLat(geometry.coordinates)
          .addTo(this.map);
        return { marker, element, at: geometry.coordinates, gap: kind === "site" ? 18 : 9 };
      });
  }
}

customElements.define("maillage-map", MaillageMap);
