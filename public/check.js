// Says so plainly where the app cannot run, and does nothing elsewhere. The oldest JavaScript there
// is, because it has to be read by browsers that understand nothing else of ours; boot.js looks for
// the same and then leaves the page to this script.
(function () {
  "use strict";

  function lacking() {
    if (typeof WebAssembly !== "object") {
      return "WebAssembly, in which ThoughtStream is written. It may be switched off: a lockdown mode or a strict security setting does that.";
    }
    if (typeof Worker !== "function") {
      return "background workers, which keep your journal.";
    }
    if (!window.thoughtstream) {
      return "the JavaScript of the last few years. A newer version of the browser has it.";
    }
    return "";
  }

  function say(what) {
    var texts = [
      ["h1", "This browser cannot run ThoughtStream"],
      ["p", "It lacks " + what],
      ["p", "Firefox, Chrome, Edge and Safari have run it since 2023. A journal that was written here before is untouched: it opens again with such a version of this browser."]
    ];
    var section = document.createElement("section");
    section.className = "failure";
    section.setAttribute("role", "alert");
    for (var i = 0; i < texts.length; i++) {
      var element = document.createElement(texts[i][0]);
      element.appendChild(document.createTextNode(texts[i][1]));
      section.appendChild(element);
    }
    document.body.insertBefore(section, document.body.firstChild);
  }

  var what = lacking();
  if (what) {
    say(what);
  }
})();
