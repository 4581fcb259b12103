// Names on the map, the first ranked served first: a name that finds no room is hidden.

const touches = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const around = ({ x, y }, radius) => ({
  left: x - radius,
  top: y - radius,
  right: x + radius,
  bottom: y + radius,
});

// Right of the point, left, above, below: the offset of a box anchored by its left middle
const offsets = (width, height, gap) => [
  [gap, 0],
  [-gap - width, 0],
  [-width / 2, -gap - height / 2],
  [-width / 2, gap + height / 2],
];

const boxAt = ({ x, y }, [dx, dy], width, height) => ({
  left: x + dx,
  top: y + dy - height / 2,
  right: x + dx + width,
  bottom: y + dy + height / 2,
});

// The buttons and the scale that already stand on the map
const controls = (map) => {
  const origin = map.getContainer().getBoundingClientRect();
  const found = map.getContainer().closest(".map-stage").querySelectorAll(".map-tools > *, .maplibregl-ctrl");
  return [...found].map((element) => {
    const box = element.getBoundingClientRect();
    return {
      left: box.left - origin.left,
      top: box.top - origin.top,
      right: box.right - origin.left,
      bottom: box.bottom - origin.top,
    };
  });
};

export const place = (map, names, pins) => {
  const { clientWidth, clientHeight } = map.getContainer();
  const isInside = (box) =>
    box.left > 2 && box.top > 2 && box.right < clientWidth - 2 && box.bottom < clientHeight - 2;
  const taken = [...controls(map), ...pins.map(({ at }) => around(map.project(at), 14))];
  for (const { element } of names) element.hidden = false;
  const sizes = names.map(({ element }) => [element.offsetWidth, element.offsetHeight]);
  names.forEach(({ marker, element, at, gap }, n) => {
    const [width, height] = sizes[n];
    const point = map.project(at);
    const found = offsets(width, height, gap).find((offset) => {
      const box = boxAt(point, offset, width, height);
      return isInside(box) && !taken.some((other) => touches(box, other));
    });
    element.hidden = !found;
    if (!found) return;
    taken.push(boxAt(point, found, width, height));
    marker.setOffset(found);
  });
};
