"use strict";
(function () {
  var words = document.body.dataset;

  function copy(text, done) {
    function byHand() {
      var area = document.createElement("textarea");
      area.value = text;
      area.className = "offscreen";
      document.body.appendChild(area);
      area.select();
      try {
        if (document.execCommand("copy")) done();
      } finally {
        area.remove();
      }
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, byHand);
    } else {
      byHand();
    }
  }

  document.querySelectorAll(".cmd").forEach(function (box) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = words.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      copy(box.querySelector("code").textContent, function () {
        button.textContent = words.copied;
        setTimeout(function () { button.textContent = words.copy; }, 2000);
      });
    });
    box.appendChild(button);
  });

  var details = document.querySelectorAll("main details");
  if (details.length) {
    var all = document.createElement("button");
    var opens = function () {
      return Array.prototype.some.call(details, function (one) { return !one.open; });
    };
    var name = function () { all.textContent = opens() ? words.open : words.close; };
    all.type = "button";
    all.className = "all";
    all.addEventListener("click", function () {
      var open = opens();
      details.forEach(function (one) { one.open = open; });
      name();
    });
    details.forEach(function (one) { one.addEventListener("toggle", name); });
    name();
    document.querySelector(".contents").appendChild(all);
  }

  var rows = document.querySelectorAll("main tbody tr, main dl.pairs > div, main ul.plain > li");
  if (words.filter && rows.length > 10) {
    var box = document.createElement("p");
    var label = document.createElement("label");
    var field = document.createElement("input");
    var left = document.createElement("output");
    box.className = "filter";
    label.textContent = words.filter;
    field.type = "search";
    field.addEventListener("input", function () {
      var wanted = field.value.trim().toLowerCase();
      var shown = 0;
      rows.forEach(function (row) {
        row.hidden = wanted !== "" && row.textContent.toLowerCase().indexOf(wanted) < 0;
        if (!row.hidden) shown += 1;
      });
      if (wanted) details.forEach(function (one) { one.open = true; });
      left.textContent = wanted ? words.left.replace("{n}", shown).replace("{all}", rows.length) : "";
    });
    label.appendChild(field);
    box.appendChild(label);
    box.appendChild(left);
    document.querySelector(".contents").appendChild(box);
  }

  window.addEventListener("beforeprint", function () {
    details.forEach(function (one) { one.open = true; });
  });
})();
