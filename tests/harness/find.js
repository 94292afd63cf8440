// Finds what a screen reader would: elements by role and accessible name, only those that are
// exposed. A body of `execute`: arguments are what to look for (a role, and where given the whole
// name, its beginning, contained text, the role of an ancestor) and what to return. Fields for
// files, dates and times have no role of their own and go by their type here.
const [{ role, name, beginning, containing, ancestor }, wanted] = arguments;

const roles = {
  A: (e) => (e.hasAttribute("href") ? "link" : null),
  ARTICLE: () => "article",
  ASIDE: () => "complementary",
  BUTTON: () => "button",
  DEL: () => "deletion",
  DIALOG: () => "dialog",
  DT: () => "term",
  FIELDSET: () => "group",
  FOOTER: () => "contentinfo",
  H1: () => "heading",
  H2: () => "heading",
  H3: () => "heading",
  H4: () => "heading",
  HEADER: () => "banner",
  IMG: () => "img",
  INS: () => "insertion",
  INPUT: (e) => inputs[e.type] ?? "textbox",
  LI: () => "listitem",
  MAIN: () => "main",
  MARK: () => "mark",
  NAV: () => "navigation",
  OL: () => "list",
  OPTION: () => "option",
  OUTPUT: () => "status",
  PROGRESS: () => "progressbar",
  SEARCH: () => "search",
  SECTION: (e) => (label(e) ? "region" : null),
  SELECT: () => "combobox",
  SUMMARY: () => "button",
  TABLE: () => "table",
  TD: () => "cell",
  TEXTAREA: () => "textbox",
  TH: () => "columnheader",
  TR: () => "row",
  UL: () => "list",
};
const inputs = {
  button: "button",
  checkbox: "checkbox",
  date: "date",
  file: "file",
  number: "spinbutton",
  radio: "radio",
  range: "slider",
  reset: "button",
  search: "searchbox",
  submit: "button",
  time: "time",
};
const namedByContent = new Set(
  "button cell checkbox columnheader gridcell heading link menuitem option radio row switch tab".split(" "),
);

const tidy = (text) => text.replace(/\s+/g, " ").trim();
const roleOf = (e) => e.getAttribute("role")?.split(" ")[0] || roles[e.tagName]?.(e) || null;

// What is read aloud of what is in an element, whatever name the element itself has.
const content = (e) => [...e.childNodes].map(spoken).join("");

// The text of a node as it is read aloud: without what is hidden, names in place of pictures.
function spoken(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.getAttribute("aria-hidden") === "true" || !node.checkVisibility()) return "";
  const own = node.getAttribute("aria-label") ?? node.getAttribute("alt");
  if (own) return own;
  const inner = content(node);
  return getComputedStyle(node).display === "inline" ? inner : ` ${inner} `;
}

// A name that was given, not read from the content.
function label(e) {
  const others = e.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
  const labelled = others.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const labels = [...(e.labels ?? [])].map(spoken).join(" ");
  return tidy(labelled || e.getAttribute("aria-label") || labels || e.getAttribute("alt") || "");
}

function nameOf(e) {
  const given = label(e);
  if (given) return given;
  const text = namedByContent.has(roleOf(e)) ? tidy(content(e)) : "";
  return text || tidy(e.title || e.getAttribute("placeholder") || "");
}

const modal = document.querySelector("dialog:modal");
const exposed = (e) =>
  (e.type === "file" || e.checkVisibility({ visibilityProperty: true })) &&
  !e.closest('[aria-hidden="true"], [inert]') &&
  (!modal || modal.contains(e));
const inside = (e) => {
  for (let up = e.parentElement; up; up = up.parentElement) if (roleOf(up) === ancestor) return true;
  return false;
};

const found = [...document.querySelectorAll("*")].filter(
  (e) =>
    roleOf(e) === role &&
    exposed(e) &&
    (name === null || nameOf(e) === name) &&
    (beginning === null || nameOf(e).startsWith(beginning)) &&
    (containing === null || tidy(content(e)).includes(containing)) &&
    (ancestor === null || inside(e)),
);
switch (wanted) {
  case "count":
    return found.length;
  case "texts":
    return found.map((e) => tidy(content(e)));
  case "names":
    return found.map(nameOf);
  default:
    return found;
}
