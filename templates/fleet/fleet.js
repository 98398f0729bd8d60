(function () {
  var place = document.getElementById("finder");
  var data = JSON.parse(document.getElementById("all").textContent);
  var body = document.querySelector("#list tbody");
  var names = Array.prototype.map.call(document.querySelectorAll("#list thead th"), function (one) { return one.textContent; });
  var MOST = 200;
  var before = Array.prototype.slice.call(body.children);

  function cells(row) {
    var causes = row[3].map(function (index) { return data.titles[index]; });
    return [row[1], data.verdicts[row[2]], causes.join("; "), row[4] < 0 ? "" : data.agents[row[4]],
      row[5] < 0 ? "" : data.proxies[row[5]], row[6], data.folders[row[7]] + row[8]];
  }

  function haystack(row) {
    var ids = row[3].map(function (index) { return data.causes[index]; });
    return cells(row).concat(ids, row[0]).join("\n").toLowerCase();
  }

  function element(kind, text, role, label) {
    var made = document.createElement(kind);
    if (role) made.setAttribute("role", role);
    if (label) made.setAttribute("data-label", label);
    made.textContent = text;
    return made;
  }

  function line(row) {
    var made = element("tr", "", "row");
    cells(row).forEach(function (text, index) {
      var cell = element(index ? "td" : "th", index === 1 ? "" : text || "\u2013", index ? "cell" : "rowheader", names[index]);
      if (!index) {
        cell.setAttribute("scope", "row");
        cell.appendChild(document.createElement("br"));
        var id = element("code", row[0]);
        id.className = "id";
        cell.appendChild(id);
        if (row[9]) {
          var link = element("a", place.dataset.open);
          link.href = data.reports + row[9];
          cell.appendChild(document.createTextNode(" "));
          cell.appendChild(link);
        }
      }
      if (index === 1) {
        var pill = element("span", text);
        pill.className = "pill v-" + data.keys[row[2]];
        cell.appendChild(pill);
      }
      if (index === 6) {
        cell.className = "dim";
        cell.textContent = row[8];
      }
      made.appendChild(cell);
    });
    return made;
  }

  function quoted(text) {
    var safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  function download() {
    var lines = [["id"].concat(names).map(quoted).join(",")].concat(data.rows.map(function (row) {
      return [row[0]].concat(cells(row)).map(quoted).join(",");
    }));
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = "machines.csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  var texts = null;
  var label = document.createElement("label");
  var field = document.createElement("input");
  var found = document.createElement("output");
  var button = document.createElement("button");
  label.textContent = place.dataset.filter;
  field.type = "search";
  button.type = "button";
  button.textContent = place.dataset.csv;
  button.addEventListener("click", download);
  field.addEventListener("input", function () {
    var wanted = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) {
      body.replaceChildren.apply(body, before);
      found.textContent = "";
      return;
    }
    texts = texts || data.rows.map(haystack);
    var rows = [];
    var number = 0;
    texts.forEach(function (text, index) {
      if (!wanted.every(function (word) { return text.indexOf(word) >= 0; })) return;
      number += 1;
      if (rows.length < MOST) rows.push(line(data.rows[index]));
    });
    body.replaceChildren.apply(body, rows);
    found.textContent = place.dataset.found.replace("{n}", number).replace("{all}", data.rows.length).replace("{shown}", rows.length);
  });
  label.appendChild(field);
  place.appendChild(label);
  place.appendChild(button);
  place.appendChild(found);
})();
