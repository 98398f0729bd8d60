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

  window.addEventListener("beforeprint", function () {
    details.forEach(function (one) { one.open = true; });
  });
})();
